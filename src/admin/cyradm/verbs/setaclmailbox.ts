// setaclmailbox: SETACL for pairs of identifier and rights. RFC 4314 §3.1
import { setAcl } from '../../../client/imap/acl.js'
import { Usage } from '../flags.js'
import { rightsOf } from '../right-words.js'
import { verb } from '../verb.js'
import { forEachMailbox } from '../wild-cards.js'

export const setaclmailbox = verb({
  name: 'setaclmailbox',
  aliases: ['setacl', 'sam'],
  usage: 'mailbox id rights [id rights ...]',
  summary: 'set ACLs on mailbox',
  loose: true,
  takes: [3, Number.POSITIVE_INFINITY],
  completes: ['mailbox', 'identifier', 'rights'],
  async run(shell, { words: [name = '', ...pairs] }) {
    if (pairs.length % 2 !== 0) throw new Usage()
    const client = shell.client()
    await forEachMailbox(shell, { name, doing: 'Setting ACL on' }, async (mailbox) => {
      for (let at = 0; at < pairs.length; at += 2) {
        const [identifier = '', rights = ''] = pairs.slice(at, at + 2)
        if (shell.dryRun) shell.print(`would give ${identifier} ${rightsOf(rights) || 'no rights'} on ${mailbox}`)
        else
          await setAcl(client, mailbox, { identifier, rights: rightsOf(rights) }).catch((error: unknown) => {
            if (error instanceof Error) error.message = `${identifier}: ${rightsOf(rights)}: ${error.message}`
            throw error
          })
      }
    })
  },
})
