/** COMPRESS=DEFLATE: the same session, deflated both ways from the OK on. RFC 4978 */
import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { createDeflateRaw, createInflateRaw, constants as zlib } from 'node:zlib'
import { expect } from 'chai'
import type { InternalName } from '../../../src/store/mailbox-name.js'
import { system } from '../../../src/store/types.js'
import { LineClient } from './line-client.js'
import { openLocalServer, PASSWORD } from './local-server.js'

describe('services/imapd COMPRESS', () => {
  it('goes on compressed, once', async () => {
    const local = await openLocalServer()
    try {
      await local.store.change({ kind: 'createMailbox', as: system, name: 'user.fred' as InternalName })
      const stream = local.connect()
      await converse(stream, [`a LOGIN fred ${PASSWORD}`, 'b COMPRESS DEFLATE'])
      const deflate = createDeflateRaw({ flush: zlib.Z_SYNC_FLUSH })
      const inflate = createInflateRaw()
      deflate.pipe(stream)
      stream.pipe(inflate)
      const client = new LineClient(Duplex.from({ readable: inflate, writable: deflate }))
      expect(await client.command('c', 'APPEND INBOX {6+}\r\nA: bcd')).to.have.length(1)
      expect((await client.command('d', 'CAPABILITY')).join()).not.to.include('COMPRESS')
      expect((await client.command('e', 'COMPRESS DEFLATE'))[0]).to.match(/^e NO \[COMPRESSIONACTIVE\]/)
      expect((await client.command('f', 'LOGOUT')).length).equal(2)
      client.close()
      stream.destroy()
      expect(local.bugs).to.deep.equal([])
    } finally {
      await local.close()
    }
  })
})

/** Commands in the clear, each up to its tagged line; nothing is read beyond the last. */
async function converse(stream: Duplex, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    stream.write(`${command}\r\n`)
    const tag = command.split(' ')[0]
    for (let text = ''; !new RegExp(`(^|\r\n)${tag} OK [^\r]*\r\n$`).test(text); ) {
      stream.resume()
      const [bytes] = (await once(stream, 'data')) as [Buffer]
      text += bytes.toString('latin1')
      stream.pause()
    }
  }
}
