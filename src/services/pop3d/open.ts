/** What all POP3 sessions of a worker share, from the options of imapd.conf. */
import type { Options } from '../../config/options.js'
import { angariumVersion } from '../../config/version.js'
import { processOwner } from '../../store/config.js'
import { namespace } from '../../store/namespace.js'
import type { Store } from '../../store/store.js'
import { loginDelay } from './login-delay.js'
import { MaildropLocks } from './maildrop-lock.js'
import type { Pop3Server } from './state.js'

/** Close `locks` after the last session. */
export function openPop3(store: Store, options: Options): Pop3Server {
  return {
    store,
    namespace: namespace(options),
    locks: new MaildropLocks(options.configdirectory, processOwner(process.pid)),
    delay: loginDelay({ minPoll: options.popminpoll, padding: options.poppollpadding }),
    options: {
      uidlFormat: options.uidl_format,
      expireDays: options.popexpiretime < 0 ? -1 : Math.floor(options.popexpiretime / 86400),
      useAcl: options.popuseacl,
      useImapFlags: options.popuseimapflags,
      subfolders: options.popsubfolders,
      serverInfo: options.serverinfo,
      version: angariumVersion(),
      auditLog: options.auditlog,
    },
  }
}
