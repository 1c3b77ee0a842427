/** A pop3d in this process, over a store of its own. */
import { openPop3 } from '../../../src/services/pop3d/open.js'
import { servePop3 } from '../../../src/services/pop3d/session.js'
import type { Pop3Server } from '../../../src/services/pop3d/state.js'
import { firstSignIn } from '../../../src/services/worker/first-sign-in.js'
import { storeConfig } from '../../../src/store/config.js'
import { type MailStore, openStore } from '../../../src/store/mail-store.js'
import { admin, inMemory, name } from '../../store/open-store.js'
import { type TestServer, testServer } from '../worker/test-server.js'

export interface Pop3TestServer extends TestServer {
  readonly store: MailStore
  /** Makes the mailbox if it is missing. */
  append(mailbox: string, text: string, flags?: readonly string[]): Promise<void>
}

export async function pop3TestServer(conf = ''): Promise<Pop3TestServer> {
  let pop3: Pop3Server | undefined
  const server = testServer({
    protocol: 'pop',
    conf: `${conf.includes('allowplaintext') ? '' : 'allowplaintext: yes\n'}altnamespace: no\nunixhierarchysep: no\n${conf}`,
    serve: async (session) => {
      if (pop3) await servePop3(pop3, session)
    },
    prepare: async (identity) => {
      if (pop3) await firstSignIn(pop3.store, server.options)(identity)
    },
  })
  const store = await openStore({ config: storeConfig(server.options), writer: 'inline' })
  const opened = openPop3(store, server.options)
  pop3 = opened
  return {
    ...server,
    store,
    async append(mailbox, text, flags = []) {
      const known = store.read((view) => view.lookup(name(mailbox)))
      const id = known?.id ?? (await store.change({ kind: 'createMailbox', as: admin, name: name(mailbox) })).mailbox
      const targets = [{ mailbox: id, flags, quota: false }]
      await store.change({ kind: 'append', as: { kind: 'system' }, staged: inMemory(text), targets })
    },
    async close() {
      // The temporary directory goes with the server: what lies in it is closed before.
      server.worker.stop()
      while (server.worker.size > 0) await new Promise((resolve) => setTimeout(resolve, 2))
      await opened.locks.close()
      await store.close()
      await server.close()
    },
  }
}
