// renamemailbox: RENAME; with a partition also a move. RFC 9051 §6.3.6
import { renameMailbox } from '../../../client/imap/mailboxes.js'
import { Usage } from '../flags.js'
import { verb } from '../verb.js'

export const renamemailbox = verb({
  name: 'renamemailbox',
  aliases: ['rename', 'renm'],
  usage: '[--partition partition] oldname newname [partition]',
  summary: 'rename (and optionally relocate) mailbox',
  flags: { partition: 'value' },
  takes: [2, 3],
  completes: ['mailbox', 'mailbox', 'nothing'],
  async run(shell, { words: [from = '', to = '', last], flags }) {
    if (last !== undefined && flags.has('partition')) throw new Usage()
    const client = shell.client()
    const partition = last ?? flags.get('partition')
    if (shell.dryRun) shell.print(`would rename ${from} to ${to}${partition ? ` on ${partition}` : ''}`)
    else await renameMailbox(client, { from, to, partition })
  },
})
