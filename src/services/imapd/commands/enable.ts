/** ENABLE. RFC 5161 */
import { capabilities } from '../capabilities.js'
import { command } from '../command.js'
import type { Enabled } from '../session-context.js'

const known = new Map<string, readonly Enabled[]>([
  ['CONDSTORE', ['CONDSTORE']],
  ['QRESYNC', ['QRESYNC', 'CONDSTORE']], // RFC 7162 §3.2.3
  ['UTF8=ACCEPT', ['UTF8=ACCEPT']], // RFC 6855 §3
  ['IMAP4REV2', ['IMAP4REV2']], // RFC 9051 §6.3.1
])

export const enable = command({
  name: 'ENABLE',
  state: 'authenticated',
  args(input) {
    const words: string[] = []
    do {
      input.space()
      words.push(input.atom('a capability').toUpperCase())
    } while (!input.atEnd)
    return words
  },
  async *run({ client, user, server }, words) {
    const offered = new Set(capabilities({ server, client, user }).toUpperCase().split(' '))
    const done: string[] = []
    for (const word of words) {
      const enabled = known.get(word)
      if (enabled === undefined || !offered.has(word)) continue
      for (const each of enabled) client.enabled.add(each)
      done.push(word)
    }
    yield `* ENABLED${done.map((word) => ` ${word}`).join('')}`
  },
})
