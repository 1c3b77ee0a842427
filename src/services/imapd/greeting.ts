/** The first line a client sees. RFC 9051 §7.1.1 */
import { capabilities } from './capabilities.js'
import type { ImapClient, ImapServer } from './session-context.js'

export function greeting(about: { readonly server: ImapServer; readonly client: ImapClient }): string {
  const { serverName, serverInfo, version } = about.server.settings
  const name = serverInfo === 'off' ? '' : ` ${serverName}`
  const product = serverInfo === 'on' ? ` Angarium ${version}` : serverInfo === 'min' ? ' Angarium' : ''
  return `* OK [CAPABILITY ${capabilities(about)}]${name}${product} server ready`
}
