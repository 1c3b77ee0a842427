// xfermailbox: move a mailbox to another server; the server says whether it can.
import { astring, mailboxName, spaced } from '../../../client/imap/piece.js'
import { Usage } from '../flags.js'
import { verb } from '../verb.js'

export const xfermailbox = verb({
  name: 'xfermailbox',
  aliases: ['xfer'],
  usage: '[--partition partition] mailbox server [partition]',
  summary: 'transfer (relocate) a mailbox to a different server',
  flags: { partition: 'value' },
  takes: [2, 3],
  completes: ['mailbox', 'nothing'],
  async run(shell, { words: [mailbox = '', server = '', last], flags }) {
    if (last !== undefined && flags.has('partition')) throw new Usage()
    const client = shell.client()
    const partition = last ?? flags.get('partition')
    const target = [mailboxName(mailbox), astring(server), ...(partition === undefined ? [] : [astring(partition)])]
    if (shell.dryRun) shell.print(`would move ${mailbox} to ${server}`)
    else await client.run(spaced(['XFER', ...target]))
  },
})
