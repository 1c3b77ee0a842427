/** Asks saslauthd: login, password, service and realm over its socket, OK or NO back. */

import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Account } from './account.js'
import type { Verdict } from './sasl.js'

/** Milliseconds for the whole question. */
const PATIENCE = 30_000
/** Octets of each string: saslauthd's own buffers are smaller still. */
const LONGEST = 1024

export interface SaslauthdQuestion {
  readonly account: Account
  readonly password: string
  /** `imap`, `pop`: what PAM calls the service. */
  readonly service: string
}

/** `path`: the socket, or the directory that holds it as `mux`. Never throws. */
export function askSaslauthd(path: string, { account, password, service }: SaslauthdQuestion): Promise<Verdict> {
  const strings = [account.local, password, service, account.domain].map((text) => Buffer.from(text))
  if (strings.some((bytes) => bytes.length > LONGEST)) return Promise.resolve({ kind: 'wrong' })
  return new Promise((resolve) => {
    const unavailable = (why: string): void => resolve({ kind: 'unavailable', why: `saslauthd at ${path}: ${why}` })
    const socket = connect(socketPath(path))
    let answer = Buffer.alloc(0)
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer')))
    socket.on('error', (error) => unavailable(error.message))
    socket.on('close', () => unavailable('closed the connection without an answer'))
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length < 2 || answer.length < 2 + answer.readUInt16BE()) return
      resolve(verdict(answer.subarray(2, 2 + answer.readUInt16BE()).toString('latin1')))
      socket.destroy()
    })
    socket.write(Buffer.concat(strings.map(counted)))
  })
}

function verdict(answer: string): Verdict {
  return answer.startsWith('OK') ? { kind: 'good', version: '' } : { kind: 'wrong' }
}

/** A 16-bit big-endian length before the octets. */
function counted(bytes: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function socketPath(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'mux') : path
}
