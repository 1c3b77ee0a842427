// listquotaroot: the roots above a mailbox, and their limits. RFC 9208 §4.1.2
import { getQuotaRoot } from '../../../client/imap/quota.js'
import { verb } from '../verb.js'
import { emptyWhenRefused, quotaText } from './listquota.js'

export const listquotaroot = verb({
  name: 'listquotaroot',
  aliases: ['lqm', 'lqr'],
  usage: 'mailbox',
  summary: 'show quota roots and quotas for mailbox',
  takes: [1, 1],
  completes: ['mailbox'],
  async run(shell, { words: [mailbox = ''] }) {
    const found = await emptyWhenRefused(shell, () => getQuotaRoot(shell.client(), mailbox))
    const lines = found.map(({ root, resources }) => `${root} ${quotaText(resources)}`)
    shell.show(found, lines.length > 0 ? lines : [''])
  },
})
