// mboxcfg and setmetadata: set or take away one annotation of mailboxes. RFC 5464 §4.3
import { setMetadata } from '../../../client/imap/metadata.js'
import { entryOf } from '../annotations.js'
import type { Arguments } from '../flags.js'
import { type Shell, verb } from '../verb.js'
import { forEachMailbox } from '../wild-cards.js'

const attributes = ['comment', 'expire', 'news2mail', 'pop3showafter', 'sharedseen', 'sieve', 'squat', 'specialuse']

export const mboxcfg = verb({
  name: 'mboxcfg',
  calledIn: 'mboxconfig',
  aliases: ['mboxconfig'],
  usage:
    '[--private] mailbox [comment|expire|news2mail|pop3showafter|sharedseen|sieve|squat|/<explicit annotation>] value',
  summary: 'configure mailbox',
  flags: { private: 'switch' },
  takes: [3, 3],
  completes: ['mailbox', 'attribute', 'nothing'],
  run: setAnnotation,
})

export const setmetadata = verb({
  name: 'setmetadata',
  aliases: ['setmd'],
  usage:
    '[--private] mailbox [comment|expire|news2mail|pop3showafter|sharedseen|sieve|specialuse|squat|/<explicit annotation>] value',
  summary: 'set metadata to mailbox',
  flags: { private: 'switch' },
  takes: [3, 3],
  completes: ['mailbox', 'attribute', 'nothing'],
  run: setAnnotation,
})

async function setAnnotation(shell: Shell, { words, flags }: Arguments): Promise<void> {
  const [name = '', attribute = '', value = ''] = words
  const entry = entryOf(attribute, { scope: flags.has('private') ? 'private' : 'shared', known: attributes })
  if (entry === undefined) throw new Error('entry must begin with /shared or /private')
  const client = shell.client()
  await forEachMailbox(shell, { name, doing: 'Setting annotation on' }, async (mailbox) => {
    if (shell.dryRun) shell.print(`would set ${entry} of ${mailbox}`)
    else await setMetadata(client, mailbox, { entry, value: value === 'none' ? undefined : value })
  })
}
