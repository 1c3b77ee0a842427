/** One listening socket of one service: accepted from by master only while no worker is there, held for them otherwise. */
import { chmodSync, chownSync, mkdirSync, renameSync, statSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { closeHandle, listeningHandle } from '../net/handover-messages.js'
import { type Address, showAddress } from './listen-address.js'

/** Who owns a UNIX socket and who may connect to it. */
export interface SocketOwner {
  readonly mode: number
  readonly uid: number | undefined
  readonly gid: number | undefined
}

export interface ListenerSettings {
  readonly entry: string
  readonly address: Address
  readonly owner: SocketOwner
  readonly backlog: number | undefined
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Address already in use',
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
}

/** The words of the C library for an error of the system. */
export function systemWords(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return words[code] ?? (error instanceof Error ? error.message : String(error))
}

export class Listener {
  readonly id: string
  readonly entry: string
  readonly address: Address
  readonly #settings: ListenerSettings
  /** What is called with clients that come while no worker is there. */
  #onConnection: ((socket: Socket) => void) | undefined
  /** Clients that came before anybody asked for them. */
  readonly #early: Socket[] = []
  #server: Server | undefined
  #held: object | undefined
  /** Of the socket's path, so that another server's socket of the same name is never removed. */
  #inode: bigint | undefined

  constructor(id: string, settings: ListenerSettings) {
    this.id = id
    this.entry = settings.entry
    this.address = settings.address
    this.#settings = settings
  }

  get name(): string {
    return showAddress(this.address)
  }

  /** What travels to a worker, or undefined when the listener is closed. */
  get handle(): Server | object | undefined {
    return this.#server ?? this.#held
  }

  /** The same, but never as a Server: whoever gets it does not accept by that alone. */
  get raw(): object | undefined {
    return this.#held ?? (this.#server && listeningHandle(this.#server))
  }

  /** Whether it is out of master's own event loop. */
  get held(): boolean {
    return this.#held !== undefined
  }

  /** The number of the listening socket, to be inherited by a child. */
  get descriptor(): number | undefined {
    const number: unknown = this.#held && Reflect.get(this.#held, 'fd')
    return typeof number === 'number' && number >= 0 ? number : undefined
  }

  set onConnection(take: (socket: Socket) => void) {
    this.#onConnection = take
    for (const socket of this.#early.splice(0)) take(socket)
  }

  /** Binds and listens. @throws the error of the system */
  async open(): Promise<void> {
    const { address, backlog } = this.#settings
    if (address.kind === 'unix') return this.#openPath(address.path)
    const { host, port, ipv6 } = address
    this.#server = await listening({ host, port, ipv6Only: ipv6, ...(backlog && { backlog }) })
    this.#attach(this.#server)
    return undefined
  }

  /** Bound under another name and renamed, so that closing our copy does not remove the path. */
  async #openPath(path: string): Promise<void> {
    const { owner, backlog } = this.#settings
    mkdirSync(dirname(path), { recursive: true })
    if (await answers(path)) throw Object.assign(new Error(path), { code: 'EADDRINUSE' })
    const temporary = join(dirname(path), `.${process.pid}.${this.id}`.slice(0, 20))
    remove(temporary)
    const server = await listening({ path: temporary, ...(backlog && { backlog }) })
    try {
      chmodSync(temporary, owner.mode)
      if (owner.uid !== undefined || owner.gid !== undefined) chownSync(temporary, owner.uid ?? -1, owner.gid ?? -1)
      this.#inode = statSync(temporary, { bigint: true }).ino
      renameSync(temporary, path)
    } catch (error) {
      server.close()
      throw error
    }
    this.#server = server
    this.#attach(server)
  }

  #attach(server: Server): void {
    server.on('connection', (socket) => (this.#onConnection ? this.#onConnection(socket) : this.#early.push(socket)))
    server.on('error', () => undefined)
  }

  /** A worker has it and sent the raw handle back: accept no more, but keep it. */
  hold(handle: object): void {
    if (this.#held) closeHandle(handle)
    else {
      this.#held = handle
      this.#server?.close()
      this.#server = undefined
    }
  }

  /** No worker is there: accept, so that the next client starts one. */
  poll(): void {
    if (this.#server || !this.#held) return
    this.#server = createServer({ pauseOnConnect: true }).listen(this.#held)
    this.#held = undefined
    this.#attach(this.#server)
  }

  close(): void {
    this.#server?.close()
    if (this.#held) closeHandle(this.#held)
    this.#server = undefined
    this.#held = undefined
    if (this.address.kind === 'unix') removeSame(this.address.path, this.#inode)
  }
}

function listening(where: object): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true })
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** Whether somebody listens at the path. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    const end = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', end(true)).once('error', end(false))
  })
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It was not there.
  }
}

function removeSame(path: string, inode: bigint | undefined): void {
  try {
    if (statSync(path, { bigint: true }).ino === inode) unlinkSync(path)
  } catch {
    // It is gone already.
  }
}
