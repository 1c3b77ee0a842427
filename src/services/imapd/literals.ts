/** What becomes of the literals that a client announces: held with the command, streamed to staging, or refused. */
import type { StagingArea } from '../../store/store.js'
import { appendTarget } from '../../syntax/imap/append.js'
import { Bad } from '../../syntax/imap/bad.js'
import type { Framed, Framer } from '../../syntax/imap/framing.js'
import { Reader } from '../../syntax/imap/reader.js'
import { readCommandName, readTag } from '../../syntax/imap/tag.js'
import { Bye, type No } from './answers.js'
import { asNo, refusal } from './errors.js'
import { targetWith } from './names.js'
import type { ImapServer, SessionIn, StagedLiteral } from './session-context.js'

type Announced = Extract<Framed, { kind: 'literal' }>

/** Octets that are read only to be thrown away; beyond that the connection is closed. RFC 7888 §4 */
const MOST_DISCARDED = 256 * 1024 * 1024
/** Literals in one command of a client that has not signed in. */
const BEFORE_SIGN_IN = 4096

export class Literals {
  /** Messages that have come whole, in order. */
  readonly staged: StagedLiteral[] = []
  /** Why the command will be refused although its literals had to be read. */
  refusal: No | Bad | undefined
  readonly #server: ImapServer
  #areas: StagingArea[] = []

  constructor(server: ImapServer) {
    this.#server = server
  }

  /** Answers the framer's question; what comes back is for the client. @throws Bye */
  decide(framer: Framer, announced: Announced, session: SessionIn<'any'>): string | undefined {
    const objection = this.refusal ?? this.#objection(framer, announced, session)
    if (objection === undefined) return announced.synchronizing ? '+ go ahead' : undefined
    if (announced.synchronizing) {
      framer.refuse()
      this.discard()
      return answer(new Reader(announced.parts, { open: true }).attempt(readTag) ?? '*', objection)
    }
    if (announced.size > MOST_DISCARDED) throw new Bye('Literal too big')
    this.refusal = objection
    framer.discard()
    return undefined
  }

  /** A piece of the message that is being streamed. */
  async write(bytes: Buffer, last: boolean): Promise<void> {
    const area = this.#areas[this.#areas.length - 1]
    if (area === undefined) return
    try {
      if (bytes.length > 0) await area.write(bytes)
      if (last) this.staged.push({ staged: await area.finish(), size: area.size })
    } catch (error) {
      // The rest of the literal is still read, so that the client gets its answer where it expects it.
      this.refusal ??= asNo(error) ?? refusal('unavailable')
    }
  }

  /** The command is over: what the store has not taken goes. */
  discard(): void {
    for (const area of this.#areas) area.discard()
    this.#areas = []
    this.staged.length = 0
    this.refusal = undefined
  }

  /** Why the literal is not wanted; undefined: the framer has been told where it goes. */
  #objection(framer: Framer, announced: Announced, session: SessionIn<'any'>): No | Bad | undefined {
    try {
      const target = targetOf(announced, session)
      if (target === undefined) return this.#plain(framer, announced, session)
      const { maxMessageSize } = this.#server.settings
      if (maxMessageSize > 0 && announced.size > maxMessageSize) throw refusal('tooBig')
      this.#areas.push(this.#server.store.stage(this.#partition(session, target)))
      framer.stream()
      return undefined
    } catch (error) {
      if (error instanceof Bad) return error
      const no = asNo(error)
      if (no === undefined) throw error
      return no
    }
  }

  #plain(framer: Framer, { size }: Announced, { user }: SessionIn<'any'>): Bad | undefined {
    const most = user === undefined ? BEFORE_SIGN_IN : this.#server.settings.maxLiteral
    if ((most > 0 && size > most) || !framer.fits(size)) return new Bad('Literal too big')
    framer.accept()
    return undefined
  }

  /** Asked before the message comes, so that nobody sends what cannot be stored. @throws No */
  #partition(session: SessionIn<'any'>, target: string): string {
    const { user } = session
    if (user === undefined) throw new Bad('Please login first')
    return this.#server.store.read((view) => targetWith(view, { ...session, user }, target, 'i').partition)
  }
}

/** The mailbox that the literal will be a message of, when it is one. */
function targetOf({ parts }: Announced, { user, client }: SessionIn<'any'>): string | undefined {
  if (user === undefined) return undefined
  const input = new Reader(parts, { open: true })
  const name = input.attempt((reader) => {
    readTag(reader)
    reader.space()
    return readCommandName(reader)
  })
  return name === 'APPEND' ? appendTarget(input, client.nameForm) : undefined
}

function answer(tag: string, objection: No | Bad): string {
  if (objection instanceof Bad) return `${tag} BAD ${objection.message}`
  return `${tag} NO ${objection.code === undefined ? '' : `[${objection.code}] `}${objection.message}`
}
