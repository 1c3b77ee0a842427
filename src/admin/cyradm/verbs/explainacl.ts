// explainacl and testacl: which rights a user holds on a mailbox, and which entries give or take them. RFC 4314 §3.4
import { getAcl, requiredRights } from '../../../client/imap/acl.js'
import { type Reason, reasonLines, reasonsFor } from '../acl-reasons.js'
import { rightsOf } from '../right-words.js'
import { type Shell, verb } from '../verb.js'

export const explainacl = verb({
  name: 'explainacl',
  aliases: ['xam'],
  usage: 'mailbox user',
  summary: 'explain which rights a user has, and why',
  loose: true,
  takes: [2, 2],
  completes: ['mailbox', 'identifier', 'nothing'],
  async run(shell, { words: [mailbox = '', user = ''] }) {
    const reasons = await ask(shell, mailbox, user)
    shell.show({ mailbox, user, rights: reasons }, reasonLines(reasons))
  },
})

export const testacl = verb({
  name: 'testacl',
  aliases: ['tam'],
  usage: 'mailbox user rights',
  summary: 'test whether a user has all of some rights',
  loose: true,
  takes: [3, 3],
  completes: ['mailbox', 'identifier', 'rights'],
  async run(shell, { words: [mailbox = '', user = '', rights = ''] }) {
    const wanted = modern(rightsOf(rights))
    const missing = (await ask(shell, mailbox, user)).filter(({ right, held }) => wanted.includes(right) && !held)
    if (missing.length > 0) throw new Error(`${user} has no right ${missing.map(({ right }) => right).join('')}`)
    shell.show({ mailbox, user, rights: wanted, held: true }, ['yes'])
  },
})

async function ask(shell: Shell, mailbox: string, user: string): Promise<Reason[]> {
  const client = shell.client()
  const acl = await getAcl(client, mailbox)
  return reasonsFor(user, { acl, always: modern(await requiredRights(client, mailbox, user)) })
}

/** The rights that the old letters stood for. RFC 4314 §2.1.1 */
const modern = (rights: string): string => rights.replaceAll('c', 'kx').replaceAll('d', 'te')
