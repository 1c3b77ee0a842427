// listquota: the limits of a root. RFC 9208 §4.1.1
import { ImapRefused } from '../../../client/imap/errors.js'
import { getQuota, type QuotaResource, type QuotaRoot } from '../../../client/imap/quota.js'
import { type Shell, verb } from '../verb.js'

export const listquota = verb({
  name: 'listquota',
  aliases: ['lq'],
  usage: 'root',
  summary: 'list quotas on specified root',
  takes: [1, 1],
  completes: ['mailbox'],
  async run(shell, { words: [root = ''] }) {
    const found = await emptyWhenRefused(shell, () => getQuota(shell.client(), root))
    const lines = found.map(({ resources }) => ` ${quotaText(resources)}`)
    shell.show(found, lines)
  },
})

/** Cyrus's shell prints an empty line where there are no limits, and no error; here both. */
export async function emptyWhenRefused(shell: Shell, ask: () => Promise<QuotaRoot[]>): Promise<QuotaRoot[]> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof ImapRefused && error.status === 'NO') shell.show([], [''])
    throw error
  }
}

/** `STORAGE 512/1000 (51%)`: KB or numbers used, allowed, and in percent where that means something. */
export function quotaText(resources: readonly QuotaResource[]): string {
  if (resources.length === 0) return ' /'
  return resources
    .map(({ resource, usage, limit }) => {
      const percent = limit > 0 ? ` (${Math.floor((usage * 100) / limit)}%)` : ''
      return `${resource} ${usage}/${limit}${percent}`
    })
    .join(' ')
}
