/** IDLE: news as they happen, until DONE. RFC 2177 */
import { Bad } from '../../../syntax/imap/bad.js'
import { command, noArguments } from '../command.js'
import { news } from '../news.js'

export const idle = command({
  name: 'IDLE',
  state: 'authenticated',
  args: noArguments,
  async *run(session) {
    const { client, mailbox } = session
    yield '+ idling'
    if (mailbox !== undefined) yield* news({ ...session, mailbox }, 'all')
    while ((await client.somethingHappens()) === 'news') {
      if (mailbox !== undefined) yield* news({ ...session, mailbox }, 'all')
    }
    const line = await client.nextLine()
    if (line !== undefined && line.toString('latin1').trim().toUpperCase() !== 'DONE') {
      throw new Bad('Invalid Idle continuation')
    }
  },
})
