// reconstruct: asks the server to rebuild a mailbox, where it knows that command.
import { mailboxName } from '../../../client/imap/piece.js'
import { verb } from '../verb.js'

export const reconstruct = verb({
  name: 'reconstruct',
  aliases: [],
  usage: '[-r] mailbox',
  summary: 'reconstruct mailbox (if supported)',
  flags: { recursive: 'switch' },
  takes: [1, 1],
  completes: ['mailbox'],
  async run(shell, { words: [mailbox = ''], flags }) {
    await shell.client().run(['RECONSTRUCT ', mailboxName(mailbox), ...(flags.has('recursive') ? [' RECURSIVE'] : [])])
  },
})
