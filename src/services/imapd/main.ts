/** imapd: serves IMAP on the connections that master hands over. */
import { angariumVersion } from '../../config/version.js'
import { namespace } from '../../store/namespace.js'
import { firstSignIn } from '../worker/first-sign-in.js'
import { openMailStore } from '../worker/open-mail-store.js'
import { type OpenService, runService, type Service } from '../worker/run-service.js'
import { ImapSession } from './session.js'
import type { ImapServer } from './session-context.js'
import { imapSettings } from './settings.js'

const service: Service = {
  program: 'imapd',
  protocol: 'imap',
  timeout: ({ timeout }) => timeout,
  async open({ options, log }): Promise<OpenService> {
    const { store, close } = await openMailStore({ options, log })
    const settings = imapSettings(options, angariumVersion())
    const server: ImapServer = { store, names: namespace(options), settings }
    return {
      serve: (session) => new ImapSession(server, session).run(),
      prepare: firstSignIn(store, options),
      close,
    }
  },
}

await runService(service, process.argv.slice(2))
