/** The mail store as a service opens it: changes on its writer thread, news through the hub if there is one. */
import type { Options } from '../../config/options.js'
import type { Log } from '../../log/log.js'
import { HubClient } from '../../net/hub-client.js'
import { storeConfig } from '../../store/config.js'
import { type MailStore, openStore } from '../../store/mail-store.js'

export interface ServiceStore {
  readonly store: MailStore
  close(): Promise<void>
}

/** @throws Error when a real Cyrus or a later version wrote the directory; the message says so */
export async function openMailStore({ options, log }: { options: Options; log: Log }): Promise<ServiceStore> {
  const hub = new HubClient({ path: options.idlesocket, pollEvery: options.imapidlepoll * 1000 })
  const store = await openStore({
    config: storeConfig(options),
    writer: 'threads',
    hub,
    report: (text) => log.event('notice', { text }),
    failed: (error) => {
      log.event('db.error', { doing: 'writing the index', error })
      process.exit(75)
    },
  })
  return {
    store,
    async close() {
      await store.close()
      await hub.close()
    },
  }
}
