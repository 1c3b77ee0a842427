/** What mocha does around all client checks: the shared server and Postfix go away at the end, whatever happened. */
import { removeShared } from './shared.js'

export const mochaHooks = {
  async afterAll(): Promise<void> {
    await removeShared()
  },
}
