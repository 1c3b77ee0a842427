// createmailbox: CREATE, with a partition and a special use. RFC 9051 §6.3.4, RFC 6154 §3
import { createMailbox } from '../../../client/imap/mailboxes.js'
import { Usage } from '../flags.js'
import { verb } from '../verb.js'

export const createmailbox = verb({
  name: 'createmailbox',
  aliases: ['create', 'cm'],
  usage: '[--partition partition] [--specialuse specialuse] mailbox [partition]',
  summary: 'create mailbox',
  flags: { partition: 'value', specialuse: 'value' },
  takes: [1, 2],
  completes: ['mailbox', 'nothing'],
  async run(shell, { words: [name = '', partition], flags }) {
    if (partition !== undefined && flags.has('partition')) throw new Usage()
    const client = shell.client()
    if (shell.dryRun) shell.print(`would create ${name}`)
    else
      await createMailbox(client, name, {
        partition: partition ?? flags.get('partition'),
        specialUse: flags.get('specialuse'),
      })
  },
})
