/** Deliveries over LMTP from many sessions at once: counts, times, and nothing else, so that the client is not the limit. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface DeliveryLoad {
  address: { path: string }
  sessions: number
  /** Milliseconds after which no new message is begun; a load may also end by `count`. */
  duration?: number
  count?: number
  /** A new connection for each message. */
  reconnect?: boolean
  /** The recipient and the bytes of the message with this number, from 0. */
  next: (number: number) => { to: string; bytes: Buffer }
}

export interface DeliveryResult {
  delivered: number
  /** Replies other than 250 after DATA, and what the first of them said. */
  refused: number
  complaint: string
  seconds: number
  /** Milliseconds from MAIL to the reply after the data, one per message, sorted. */
  times: number[]
}

/** Runs the load to its end. Throws if a session cannot connect or is dropped. */
export async function deliverAll(load: DeliveryLoad): Promise<DeliveryResult> {
  const result: DeliveryResult = { delivered: 0, refused: 0, complaint: '', seconds: 0, times: [] }
  const began = performance.now()
  const end = began + (load.duration ?? Number.POSITIVE_INFINITY)
  const limit = load.count ?? Number.POSITIVE_INFINITY
  let taken = 0
  const nextNumber = (): number => (taken < limit && performance.now() < end ? taken++ : -1)
  await Promise.all([...Array(load.sessions).keys()].map(() => session(load, nextNumber, result)))
  result.seconds = (performance.now() - began) / 1000
  result.times.sort((left, right) => left - right)
  return result
}

async function session(load: DeliveryLoad, nextNumber: () => number, result: DeliveryResult): Promise<void> {
  let replies: Replies | undefined
  for (let number = nextNumber(); number >= 0; number = nextNumber()) {
    replies ??= await greet(load.address)
    const { to, bytes } = load.next(number)
    const began = performance.now()
    replies.socket.write(`MAIL FROM:<bench@example.net>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
    const [, rcpt = '', data = ''] = [await replies.next(), await replies.next(), await replies.next()]
    if (!data.startsWith('354')) throw new Error(`RCPT TO:<${to}> was answered ${rcpt}, DATA ${data}`)
    replies.socket.write(bytes)
    const reply = await replies.next()
    result.times.push(performance.now() - began)
    if (reply.startsWith('250')) result.delivered++
    else if (result.refused++ === 0) result.complaint = reply
    if (load.reconnect) {
      await replies.quit()
      replies = undefined
    }
  }
  await replies?.quit()
}

async function greet(address: { path: string }): Promise<Replies> {
  const replies = new Replies(await connected(address))
  await replies.next()
  replies.socket.write('LHLO bench.example.net\r\n')
  const reply = await replies.next()
  if (!reply.startsWith('250')) throw new Error(`LHLO was answered ${reply}`)
  return replies
}

/** A connection; while the server's backlog is full (EAGAIN on a UNIX socket) it tries again, as an MTA would. */
async function connected(address: { path: string }): Promise<Socket> {
  for (let tries = 0; ; tries++) {
    const socket = connect(address)
    try {
      await once(socket, 'connect')
      return socket
    } catch (error) {
      if (tries === 500 || !(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      await sleep(10)
    }
  }
}

/** The replies of one connection in order; of a reply with several lines the last. */
class Replies {
  readonly socket: Socket
  private ready: string[] = []
  private partial = ''
  private waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined
  private ended: Error | undefined

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => this.take(text))
    socket.on('error', (error) => this.end(error))
    socket.on('close', () => this.end(new Error('the LMTP server closed the connection')))
  }

  next(): Promise<string> {
    const line = this.ready.shift()
    if (line !== undefined) return Promise.resolve(line)
    if (this.ended) return Promise.reject(this.ended)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  async quit(): Promise<void> {
    this.socket.write('QUIT\r\n')
    await this.next().catch(() => undefined)
    this.socket.destroy()
  }

  private take(text: string): void {
    const lines = (this.partial + text).split('\r\n')
    this.partial = lines.pop() ?? ''
    for (const line of lines) {
      if (line[3] === '-') continue
      const waiting = this.waiting
      this.waiting = undefined
      if (waiting) waiting.resolve(line)
      else this.ready.push(line)
    }
  }

  private end(error: Error): void {
    this.ended ??= error
    this.waiting?.reject(error)
    this.waiting = undefined
  }
}
