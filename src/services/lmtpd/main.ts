// lmtpd: takes mail from the MTA. `lmtpd [-C imapd.conf] [-a]`, under SERVICES of cyrus.conf. lmtpd(8)
import { angariumVersion } from '../../config/version.js'
import { autocreator } from '../../delivery/autocreate.js'
import { keepAll } from '../../delivery/deliver.js'
import { openMailStore } from '../worker/open-mail-store.js'
import { runService } from '../worker/run-service.js'
import { serve } from './session.js'
import type { LmtpServer } from './session-context.js'

await runService(
  {
    program: 'lmtpd',
    protocol: 'lmtp',
    timeout: (options) => options.lmtp_timeout,
    async open({ options, log }) {
      const { store, close } = await openMailStore({ options, log })
      const server: LmtpServer = {
        store,
        options,
        version: angariumVersion(),
        decide: keepAll,
        now: () => new Date(),
        autocreate: autocreator(store, options),
      }
      return {
        serve: (session) => serve(server, { peer: session, preauthorized: session.entry.args.includes('-a') }),
        close,
      }
    },
  },
  process.argv.slice(2),
)
