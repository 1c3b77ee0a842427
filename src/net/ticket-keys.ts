/** The keys of TLS session tickets, shared by all workers through a file, so that each resumes what another began. RFC 8446 §2.2 */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Octets: name, HMAC key and AES key, as OpenSSL wants them. */
const SIZE = 48
/** Milliseconds after which new keys are made: what was recorded until then cannot be read with those made later. */
const ROTATE = 12 * 60 * 60 * 1000

/** Undefined when the directory cannot be written: then each worker has its own. */
export function ticketKeys(path: string, now = Date.now()): Buffer | undefined {
  try {
    return fresh(path, now) ?? make(path, now)
  } catch {
    return undefined
  }
}

function fresh(path: string, now: number): Buffer | undefined {
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status || now - status.mtimeMs > ROTATE) return undefined
  const keys = readFileSync(path)
  return keys.length === SIZE ? keys : undefined
}

/** Two workers may come here at once: the file of the first stays, the second reads it. */
function make(path: string, now: number): Buffer | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 })
  const own = `${path}.${process.pid}`
  writeFileSync(own, randomBytes(SIZE), { mode: 0o600 })
  try {
    if (statSync(path, { throwIfNoEntry: false })) renameSync(path, `${own}.old`)
    linkSync(own, path)
  } catch {
    // Another worker was first.
  } finally {
    for (const left of [own, `${own}.old`]) rmSync(left, { force: true })
  }
  return fresh(path, now)
}
