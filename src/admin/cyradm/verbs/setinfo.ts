// setinfo: set or take away one annotation of the server. RFC 5464 §4.3
import { setMetadata } from '../../../client/imap/metadata.js'
import { entryOf } from '../annotations.js'
import { verb } from '../verb.js'

const attributes = ['motd', 'comment', 'admin', 'shutdown', 'expire', 'squat']

export const setinfo = verb({
  name: 'setinfo',
  aliases: [],
  usage: '[motd|comment|admin|shutdown|expire|squat] text',
  summary: 'set server metadata',
  takes: [2, 2],
  completes: ['attribute', 'nothing'],
  async run(shell, { words: [attribute = '', value = ''] }) {
    const entry = entryOf(attribute, { scope: 'shared', known: attributes })
    if (entry === undefined) throw new Error('entry must begin with /shared or /private')
    const client = shell.client()
    if (shell.dryRun) shell.print(`would set ${entry}`)
    else await setMetadata(client, '', { entry, value: value === 'none' ? undefined : value })
  },
})
