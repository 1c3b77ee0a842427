// listacl: GETACL. RFC 4314 §3.3
import { type AclEntry, getAcl } from '../../../client/imap/acl.js'
import { verb } from '../verb.js'
import { hasWildCards, mailboxesLike } from '../wild-cards.js'

const line = ({ identifier, rights }: AclEntry): string => `${identifier} ${rights}`

export const listacl = verb({
  name: 'listacl',
  calledIn: 'listaclmailbox',
  aliases: ['listaclmailbox', 'lam'],
  usage: 'mailbox',
  summary: 'list ACLs on mailbox',
  takes: [1, 1],
  complains: '',
  completes: ['mailbox'],
  async run(shell, { words: [name = ''] }) {
    const client = shell.client()
    if (!hasWildCards(name)) {
      const acl = await getAcl(client, name)
      shell.show({ mailbox: name, acl }, acl.map(line))
      return
    }
    for (const mailbox of await mailboxesLike(client, name)) {
      const acl = await getAcl(client, mailbox)
      shell.show({ mailbox, acl }, [`${mailbox}:`, ...acl.map((entry) => `  ${line(entry)}`)])
    }
  },
})
