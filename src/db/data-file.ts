/** What we must know of LMDB's own files to keep two promises that lmdb-js 3.5.6 breaks: docs/reliability.md tells how it was found. */
import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

// data.mdb begins with two pages; each holds a 24-octet page head, then these, little-endian:
const pageHead = 24
const meta = {
  magic: pageHead, // u32
  version: pageHead + 4, // u32
  pageSize: pageHead + 24, // u32
  transaction: pageHead + 128, // u64: the commit that wrote this page
} as const
const metaLength = pageHead + 136
const magic = 0xbeefc0de
const version = 2
/** lock.mdb: where the shared number of the newest commit lies, u64. */
const sharedTransaction = 8

/** The commits that data.mdb itself knows of, read from the file. Holds one descriptor. */
export interface DataFile {
  /** Number of the newest commit that is in the file. Call it under the write lock. */
  newestCommit(): number
  close(): void
}

/** @throws Error if the file is not what we know, so that LMDB (which would die of SIGSEGV) is never asked to open it. */
export function openDataFile(directory: string): DataFile {
  const path = join(directory, 'data.mdb')
  const descriptor = openSync(path, 'r')
  const bytes = Buffer.alloc(metaLength)
  const readMeta = (at: number): Buffer => {
    const whole = readSync(descriptor, bytes, 0, metaLength, at) === metaLength
    if (whole && bytes.readUInt32LE(meta.magic) === magic && bytes.readUInt32LE(meta.version) === version) return bytes
    closeSync(descriptor)
    throw new Error(
      `${path} is damaged: its head at octet ${at} is not one that this server writes: run ctl_cyrusdb -r`,
    )
  }
  const pageSize = readMeta(0).readUInt32LE(meta.pageSize)
  const number = Buffer.alloc(8)
  const commitAt = (at: number): number => {
    readSync(descriptor, number, 0, 8, at + meta.transaction)
    return Number(number.readBigUInt64LE())
  }
  readMeta(pageSize)
  return {
    newestCommit: () => Math.max(commitAt(0), commitAt(pageSize)),
    close: () => closeSync(descriptor),
  }
}

/**
 * Sets back to `newest` the shared number of the newest commit, which an opening process has put to an older one. Call it
 * under the write lock. Another process does it: closing lock.mdb here would drop the locks that LMDB holds on it.
 */
export function correctSharedCommit(directory: string, newest: number): void {
  const script = `
    const [path, newest] = process.argv.slice(1)
    const file = require('fs').openSync(path, 'r+')
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64LE(BigInt(newest))
    require('fs').writeSync(file, bytes, 0, 8, ${sharedTransaction})`
  const { status } = spawnSync(process.execPath, ['-e', script, join(directory, 'lock.mdb'), String(newest)])
  if (status !== 0) throw new Error(`${directory}/lock.mdb could not be corrected to commit ${newest}`)
}

/**
 * Makes data.mdb appear whole or not at all: LMDB writes a new file's head in place, and a power cut before the first commit
 * would leave one that kills whoever opens it. `create` makes an environment in the directory it is given.
 */
export function bearDataFile(directory: string, create: (directory: string) => { close(): Promise<void> }): void {
  const path = join(directory, 'data.mdb')
  if (existsSync(path)) return
  const cradle = mkdtempSync(join(directory, 'new.'))
  const environment = create(cradle)
  const bytes = join(cradle, 'copy') // a file of its own: lmdb-js would recognize the other as open already
  writeFileSync(bytes, readFileSync(join(cradle, 'data.mdb')), { mode: 0o600 })
  const descriptor = openSync(bytes, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
  try {
    linkSync(bytes, path)
  } catch (error) {
    if (!existsSync(path)) throw error // else another process was faster
  }
  unlinkSync(bytes)
  rmSync(cradle, { recursive: true })
  void environment.close()
}
