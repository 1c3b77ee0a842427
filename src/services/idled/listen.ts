// The hub's socket file: taking it over from a dead idled, and never from a live one.
import { mkdir, unlink } from 'node:fs/promises'
import { connect, type Server } from 'node:net'
import { dirname } from 'node:path'

/** sun_path of Linux, the final NUL not counted. */
const LONGEST_PATH = 107

/** The socket cannot be had; the message says why and what to do. */
export class NoSocket extends Error {}

/** Listens at `path`, readable for this user alone. Throws NoSocket. */
export async function listenAt(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new NoSocket(`${path} is longer than ${LONGEST_PATH} octets; set idlesocket to a shorter path`)
  if (await answers(path)) throw new NoSocket(`another idled serves ${path}; stop it first, or set another idlesocket`)
  await mkdir(dirname(path), { recursive: true })
  await unlink(path).catch(() => undefined)
  const before = process.umask(0o077)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new NoSocket(`cannot listen at ${path}: ${error.message}`)))
      server.listen(path, () => resolve())
    })
  } finally {
    process.umask(before)
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    const settle = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', settle(true)).once('error', settle(false))
  })
}
