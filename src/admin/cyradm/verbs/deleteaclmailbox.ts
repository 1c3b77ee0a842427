// deleteaclmailbox: DELETEACL for some identifiers. RFC 4314 §3.2
import { deleteAcl } from '../../../client/imap/acl.js'
import { verb } from '../verb.js'
import { forEachMailbox } from '../wild-cards.js'

export const deleteaclmailbox = verb({
  name: 'deleteaclmailbox',
  aliases: ['dam', 'deleteacl'],
  usage: 'mailbox id [id ...]',
  summary: 'remove ACLs from mailbox',
  loose: true,
  takes: [2, Number.POSITIVE_INFINITY],
  completes: ['mailbox', 'identifier'],
  async run(shell, { words: [name = '', ...identifiers] }) {
    const client = shell.client()
    await forEachMailbox(shell, { name, doing: 'Deleting acl on' }, async (mailbox) => {
      for (const identifier of identifiers) {
        if (shell.dryRun) shell.print(`would remove the rights of ${identifier} on ${mailbox}`)
        else await deleteAcl(client, mailbox, identifier).catch((error: unknown) => rethrow(identifier, error))
      }
    })
  },
})

function rethrow(identifier: string, error: unknown): never {
  if (error instanceof Error) error.message = `${identifier}: ${error.message}`
  throw error
}
