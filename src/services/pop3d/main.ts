/** The program pop3d: POP3 for the connections that master hands over. */
import { firstSignIn } from '../worker/first-sign-in.js'
import { openMailStore } from '../worker/open-mail-store.js'
import { runService } from '../worker/run-service.js'
import { openPop3 } from './open.js'
import { servePop3 } from './session.js'

/** RFC 1939 §3: an autologout timer of at least ten minutes. */
const LEAST_TIMEOUT = 600

await runService(
  {
    program: 'pop3d',
    protocol: 'pop',
    timeout: ({ poptimeout }) => Math.max(LEAST_TIMEOUT, poptimeout),
    async open({ options, log }) {
      const { store, close } = await openMailStore({ options, log })
      const server = openPop3(store, options)
      return {
        serve: (session) => servePop3(server, session),
        prepare: firstSignIn(store, options),
        async close() {
          await server.locks.close()
          await close()
        },
      }
    },
  },
  process.argv.slice(2),
)
