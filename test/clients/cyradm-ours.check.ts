/** Our own cyradm does what an administrator asks, like Debian's. */
import { administer } from './administration.js'
import { sharedServer } from './shared.js'

describe('Our cyradm', () => {
  it('creates, shares, limits, renames and deletes mailboxes', async () => {
    const server = await sharedServer()
    await administer({ program: server.program('cyradm'), server }, 'ours')
  })
})
