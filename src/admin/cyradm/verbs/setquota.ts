// setquota: the limits of a root, which need not be a mailbox. RFC 9208 §4.1.3
import { setQuota } from '../../../client/imap/quota.js'
import { Usage } from '../flags.js'
import { verb } from '../verb.js'

export const setquota = verb({
  name: 'setquota',
  aliases: ['sq'],
  usage: 'mailbox limit num [limit num ...]\nmailbox num',
  summary: 'set quota on mailbox or resource',
  takes: [2, Number.POSITIVE_INFINITY],
  completes: ['mailbox', 'resource', 'nothing'],
  async run(shell, { words: [root = '', ...words] }) {
    const client = shell.client()
    const [only = ''] = words
    if (words.length === 1 && only === 'none') {
      if (shell.dryRun) return shell.print(`would remove the quota of ${root}`)
      shell.print('remove quota')
      return setQuota(client, root, [])
    }
    if (words.length === 1) shell.print(`quota:${only}`)
    const limits = limitsOf(words.length === 1 ? ['STORAGE', only] : words)
    if (shell.dryRun)
      shell.print(`would limit ${root} to ${limits.map((each) => `${each.resource} ${each.limit}`).join(', ')}`)
    else await setQuota(client, root, limits)
  },
})

/** Resources without `none` among them: SETQUOTA sets all at once, so the one left out has no limit. */
function limitsOf(words: readonly string[]): { resource: string; limit: number }[] {
  if (words.length % 2 !== 0) throw new Usage()
  const limits: { resource: string; limit: number }[] = []
  for (let at = 0; at < words.length; at += 2) {
    const [resource = '', limit = ''] = words.slice(at, at + 2)
    if (limit === 'none') continue
    if (!/^\d{1,15}$/.test(limit)) throw new Error(`${resource}: ${limit}: not a number`)
    limits.push({ resource, limit: Number(limit) })
  }
  return limits
}
