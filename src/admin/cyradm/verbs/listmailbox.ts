// listmailbox: LIST, in columns. RFC 9051 §6.3.9
import type { Listed } from '../../../client/imap/mailboxes.js'
import { inColumns } from '../columns.js'
import { verb } from '../verb.js'
import { sortedMailboxes } from '../wild-cards.js'

export const listmailbox = verb({
  name: 'listmailbox',
  aliases: ['list', 'lm'],
  usage: '[-subscribed] [-specialuse] [pattern [base]]',
  summary: 'list mailboxes',
  flags: { subscribed: 'switch', specialuse: 'switch' },
  takes: [0, 2],
  completes: ['mailbox'],
  async run(shell, { words: [pattern = '*', reference = ''], flags }) {
    const select = flags.has('subscribed') ? 'subscribed' : flags.has('specialuse') ? 'specialUse' : undefined
    const found = await sortedMailboxes(shell.client(), { pattern, reference, ...(select && { select }) })
    shell.show(found, inColumns(found.map(cell)))
  },
})

const cell = ({ name, attributes }: Listed): string =>
  attributes.length > 0 ? `${name} (${attributes.join(' ')})` : name
