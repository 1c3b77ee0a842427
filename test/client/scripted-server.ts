// An IMAP server that says what a transcript says: each `C:` line is expected of the client, each `S:` line answered.

import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { expect } from 'chai'
import { Connection } from '../../src/net/connection.js'

export interface Scripted {
  readonly port: number
  /** Throws what was wrong in the dialogue, if anything was. Closes the server. */
  done(): Promise<void>
}

/** `…` at the end of a `C:` line matches anything. Lines are joined by CRLF; `+` literals are lines of their own. */
export async function scripted(transcript: string): Promise<Scripted> {
  const lines = transcript
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  let failure: unknown
  let left = lines.length
  const sockets: Socket[] = []
  const talk = async (socket: Socket): Promise<void> => {
    const connection = new Connection(socket, { timeout: 2000 })
    for (const line of lines) {
      if (line.startsWith('S: ')) connection.write(Buffer.from(`${line.slice(3)}\r\n`, 'latin1'))
      else if (line === 'S:close') {
        left--
        await connection.close(10)
        return
      } else {
        const heard = (await connection.readLine(100_000))?.toString('latin1') ?? 'the end'
        const wanted = line.slice(3)
        if (wanted.endsWith('…')) expect(heard.slice(0, wanted.length - 1)).to.equal(wanted.slice(0, -1))
        else expect(heard).to.equal(wanted)
      }
      left--
    }
    while (await connection.read());
    await connection.close(10)
  }
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    talk(socket).catch((error: unknown) => {
      if (left > 0) failure ??= error
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    port: (server.address() as AddressInfo).port,
    async done() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      if (failure) throw failure
      expect(left, 'lines of the transcript that were not reached').to.equal(0)
    },
  }
}
