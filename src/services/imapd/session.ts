/** One IMAP connection from greeting to BYE: the only place that reads from it and writes to it. RFC 9051 §3 */
import type { Connection } from '../../net/connection.js'
import { startDeflate } from '../../net/deflate.js'
import { ConnectionError } from '../../net/errors.js'
import { Bad, BadMailboxName } from '../../syntax/imap/bad.js'
import { type Framed, Framer } from '../../syntax/imap/framing.js'
import type { NameForm } from '../../syntax/imap/mailbox.js'
import { Reader } from '../../syntax/imap/reader.js'
import { readCommandName, readTag } from '../../syntax/imap/tag.js'
import { Bye, type Completion, No, type Output, type Run } from './answers.js'
import type { Command } from './command.js'
import { commandNamed } from './commands.js'
import { asNo, refusal } from './errors.js'
import { greeting } from './greeting.js'
import { Literals } from './literals.js'
import { news } from './news.js'
import type { SelectedMailbox } from './selected.js'
import type { Enabled, ImapClient, ImapDoor, ImapServer, SessionIn } from './session-context.js'
import type { ImapState, User } from './state.js'
import { Turn } from './turn.js'

/** Commands that make no sense, in a row, before somebody who has not signed in is sent away. */
const MOST_MISTAKES = 20

export class ImapSession implements ImapClient {
  readonly door: ImapDoor
  readonly enabled = new Set<Enabled>()
  readonly turn = new Turn()
  compressed = false
  tag = ''
  readonly #connection: Connection
  readonly #server: ImapServer
  readonly #framer: Framer
  readonly #literals: Literals
  #state: ImapState = { kind: 'notAuthenticated' }
  #mistakes = 0
  #wake: (() => void) | undefined
  #changed = false
  #arrived = false

  constructor(server: ImapServer, door: ImapDoor) {
    this.#server = server
    this.door = door
    this.#connection = door.connection
    const { maxLine, maxLiteral } = server.settings
    this.#framer = new Framer({ line: maxLine, command: maxLine + 4 * maxLiteral })
    this.#literals = new Literals(server)
  }

  /** Serves the client until it leaves; never throws for what the client or the network does. */
  async run(): Promise<void> {
    this.#connection.timeout = this.#server.settings.timeout
    try {
      this.#write(greeting(this.#about()))
      while (this.#state.kind !== 'logout') await this.#serveNext()
    } catch (error) {
      this.#farewell(error)
    } finally {
      this.#leave()
      this.#literals.discard()
      await this.#connection.close()
    }
  }

  get nameForm(): NameForm {
    return this.enabled.has('UTF8=ACCEPT') || this.enabled.has('IMAP4REV2') ? 'utf8' : 'modifiedUtf7'
  }

  get literals(): Literals['staged'] {
    return this.#literals.staged
  }

  get user(): User | undefined {
    return 'user' in this.#state ? this.#state.user : undefined
  }

  signedIn(user: User): void {
    this.#state = { kind: 'authenticated', user }
  }

  signedOut(): void {
    this.#leave()
    this.enabled.clear()
    this.#state = { kind: 'notAuthenticated' }
  }

  selected(mailbox: SelectedMailbox): void {
    this.#leave()
    if (this.#state.kind !== 'authenticated') return
    this.#state = { kind: 'selected', user: this.#state.user, mailbox }
    mailbox.watch(this.#server.store, () => {
      this.#changed = true
      this.#wake?.()
    })
  }

  unselected(): void {
    this.#leave()
  }

  ask(request: string): Promise<Buffer | undefined> {
    this.#write(request)
    return this.nextLine()
  }

  async nextLine(): Promise<Buffer | undefined> {
    const framed = await this.#nextFramed()
    if (framed === undefined) return undefined
    if (framed.kind === 'command') return framed.parts[0]
    if (framed.kind === 'literal') this.#framer.refuse()
    throw new Bad('Invalid continuation')
  }

  async somethingHappens(): Promise<'line' | 'news'> {
    const { idlePoll, idleTimeout } = this.#server.settings
    this.#connection.timeout = idleTimeout
    if (this.#framer.waiting > 0 || this.#connection.buffered > 0) return 'line'
    if (!this.#changed) await this.#wait(idlePoll)
    this.#mindShutdown()
    if (this.#arrived) return 'line'
    this.#changed = false
    return 'news'
  }

  /** Until bytes (or the end) arrive, a change is announced, or `poll` ms have passed . */
  async #wait(poll: number): Promise<void> {
    this.#arrived = false
    let timer: NodeJS.Timeout | undefined
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
      timer = setTimeout(resolve, poll)
    })
    const readable = this.#connection.readable().then(() => {
      this.#arrived = true
    })
    await Promise.race([readable, woken])
    clearTimeout(timer)
    this.#wake = undefined
    this.turn.renew()
  }

  async #serveNext(): Promise<void> {
    const framed = await this.#nextFramed()
    if (framed === undefined) {
      this.#end()
      return
    }
    if (framed.kind === 'literal') this.#write(this.#literals.decide(this.#framer, framed, this.#any()))
    else if (framed.kind === 'bytes') await this.#literals.write(framed.bytes, framed.last)
    else if (framed.kind === 'tooLong') this.#tooLong(framed.start)
    else await this.#serveCommand(framed.parts)
    await this.turn.share()
  }

  /** What the framer finds next; waits for the client. undefined: it is gone. */
  async #nextFramed(): Promise<Framed | undefined> {
    for (;;) {
      const framed = this.#framer.next()
      if (framed !== undefined) return framed
      this.#connection.timeout = this.#server.settings.timeout
      const bytes = await this.#connection.read()
      this.turn.renew()
      if (bytes === undefined) return undefined
      this.#framer.push(bytes)
    }
  }

  async #serveCommand(parts: readonly Buffer[]): Promise<void> {
    const input = new Reader(parts)
    const tag = input.attempt(readTag)
    if (tag === undefined) {
      this.#mistake('* BAD Invalid tag')
      return
    }
    try {
      await this.#serveTagged(tag, input)
    } finally {
      this.#literals.discard()
    }
    this.#mindShutdown()
  }

  async #serveTagged(tag: string, input: Reader): Promise<void> {
    let name = ''
    this.tag = tag
    const before = this.user
    try {
      const command = readCommand(input)
      name = command.name
      const refused = this.#literals.refusal
      if (refused !== undefined) throw refused
      const run = command.prepare(input, this.#any())
      this.door.doing({ command: name, mailbox: this.#mailboxName })
      const completion = (await this.#send(run())) ?? {}
      await this.#tellNews(command)
      this.#mistakes = 0
      this.#tellMotd(before)
      await this.#complete(tag, completion)
    } catch (error) {
      await this.#failed(tag, name, error)
    }
  }

  async #complete(tag: string, { code, text = 'Completed', next }: Completion): Promise<void> {
    this.#write(`${tag} OK ${code === undefined ? '' : `[${code}] `}${text}`)
    if (next === 'logout') this.#end()
    // What was pipelined after STARTTLS came in the clear and is never obeyed. RFC 9051 §11.1
    if (next === 'startTls') {
      this.#framer.takeRest()
      await this.door.startTls()
    }
    if (next === 'compress') {
      this.#framer.takeRest()
      await startDeflate(this.#connection)
      this.compressed = true
    }
  }

  async #failed(tag: string, name: string, error: unknown): Promise<void> {
    if (error instanceof Bye || error instanceof ConnectionError) throw error
    if (error instanceof Bad && !(error instanceof BadMailboxName)) {
      this.#mistake(`${tag} BAD ${error.message}`)
      return
    }
    let no = error instanceof BadMailboxName ? refusal('badMailboxName') : asNo(error)
    if (no === undefined) {
      this.#bug(error, name)
      no = new No('Internal error, see the log of the server', 'SERVERBUG')
    }
    await this.#tellNews({ news: 'noExpunge', name: '' })
    this.#write(`${tag} NO ${no.code === undefined ? '' : `[${no.code}] `}${no.message}`)
  }

  #mistake(answer: string): void {
    this.#write(answer)
    if (this.user === undefined && ++this.#mistakes >= MOST_MISTAKES) throw new Bye('Too many invalid commands')
  }

  #tooLong(start: Buffer): void {
    this.#literals.discard()
    const tag = new Reader([start]).attempt(readTag) ?? '*'
    this.#mistake(`${tag} BAD [TOOBIG] Command line too long`)
  }

  /** News of the selected mailbox, before the tagged answer. RFC 9051 §7.5 */
  async #tellNews({ news: allowed, name }: Pick<Command, 'news' | 'name'>): Promise<void> {
    if (this.#state.kind !== 'selected' || allowed === 'none') return
    this.#changed = false
    const session = { server: this.#server, client: this, user: this.#state.user, mailbox: this.#state.mailbox }
    await this.#send(news(session, allowed, { withUid: name.startsWith('UID ') }))
  }

  async #send(answers: Run): Promise<Completion | undefined> {
    if (answers instanceof Promise) return (await answers) ?? undefined
    for (;;) {
      const { value, done } = await answers.next()
      if (done) return value ?? undefined
      this.#write(value)
      if (this.#connection.congested) {
        await this.#connection.drained()
        this.turn.renew()
      }
    }
  }

  #write(output: Output | undefined): void {
    if (output === undefined) return
    this.#connection.write(typeof output === 'string' ? Buffer.from(`${output}\r\n`, 'latin1') : output)
  }

  /** The message of the day, once somebody has signed in. RFC 9051 §7.1 ALERT */
  #tellMotd(before: User | undefined): void {
    const { motd } = this.door
    if (before === undefined && this.user !== undefined && motd !== undefined) this.#write(`* OK [ALERT] ${motd}`)
  }

  /** While msg/shutdown is there only administrators are served: one of them must be able to take it away again. */
  #mindShutdown(): void {
    if (this.user === undefined || this.user.admin) return
    const { shutdown } = this.door
    if (shutdown !== undefined) throw new Bye(`[ALERT] ${shutdown}`)
  }

  get #mailboxName(): string {
    return this.#state.kind === 'selected' ? this.#state.mailbox.name : ''
  }

  #about(): { server: ImapServer; client: ImapClient; user: User | undefined } {
    return { server: this.#server, client: this, user: this.user }
  }

  #any(): SessionIn<'any'> {
    return { ...this.#about(), mailbox: this.#state.kind === 'selected' ? this.#state.mailbox : undefined }
  }

  /** Nothing more is read from the client. A mailbox that is not left would be watched for ever. */
  #end(): void {
    this.#leave()
    this.#state = { kind: 'logout' }
  }

  #leave(): void {
    if (this.#state.kind !== 'selected') return
    this.#state.mailbox.close()
    this.#state = { kind: 'authenticated', user: this.#state.user }
  }

  #bug(error: unknown, command: string): void {
    this.door.log.event('bug', { doing: `${command} in session ${this.door.id}`, error })
  }

  #farewell(error: unknown): void {
    if (error instanceof Bye) this.#write(`* BYE ${error.message}`)
    else if (error instanceof ConnectionError) {
      if (error.kind === 'timeout') this.#write('* BYE Idle for too long')
      else if (error.kind === 'stopping') this.#write('* BYE [UNAVAILABLE] Server is shutting down')
    } else {
      this.#bug(error, '')
      this.#write('* BYE Internal error')
    }
    this.#end()
  }
}

/** SP command-name, and the second word of UID commands. */
function readCommand(input: Reader): Command {
  if (input.atEnd) throw new Bad('Null command')
  input.space()
  let name = readCommandName(input)
  if (name === 'UID') {
    input.space()
    name = `UID ${readCommandName(input)}`
  }
  const command = commandNamed(name)
  if (command === undefined) throw new Bad('Unrecognized command')
  return command
}
