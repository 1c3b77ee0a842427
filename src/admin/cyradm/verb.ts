// What a verb of the shell is, and what it may ask of the shell.
import type { ImapClient } from '../../client/imap/client.js'
import type { ConnectWishes } from './connect.js'
import type { Arguments, FlagKinds } from './flags.js'

export interface Verb {
  /** As help lists it. */
  readonly name: string
  /** As its usage and its errors name it, where that is another one of its names. */
  readonly calledIn?: string
  /** Other names that it is typed by, the listing's order. */
  readonly aliases: readonly string[]
  /** What follows the name; several lines are several forms. */
  readonly usage: string
  readonly summary: string
  readonly flags?: FlagKinds
  /** Words that begin with a minus are words: identifiers, numbers. */
  readonly loose?: boolean
  /** How many words it takes: fewer, or more, show the usage. */
  readonly takes: readonly [least: number, most: number]
  /** What stands before its errors, where that is no name of it. */
  readonly complains?: string
  /** What its words are, for completion; the last holds for all that follow. */
  readonly completes?: readonly Completion[]
  run(shell: Shell, given: Arguments): Promise<void>
}

export type Completion = 'mailbox' | 'identifier' | 'rights' | 'verb' | 'resource' | 'attribute' | 'nothing'

/** The shell as verbs see it. */
export interface Shell {
  /** Signed in, or at least connected. Throws NotConnected. */
  client(): ImapClient
  /** Undefined while there is no connection. */
  readonly server: string | undefined
  readonly signedIn: boolean
  connect(server: string, options: { authenticate: boolean }): Promise<void>
  authenticate(wishes: ConnectWishes): Promise<void>
  disconnect(): Promise<void>
  /** One line of output. */
  print(line: string): void
  /** Output without a line end: what is being done. */
  say(text: string): void
  /** The same as value: with --json it is printed instead of the lines. */
  show(value: unknown, lines: readonly string[]): void
  /** A line of error; the verb goes on, its status is 1. */
  complain(line: string): void
  /** Whether there is a person to ask: not in scripts. */
  readonly asks: boolean
  confirm(question: string): Promise<boolean>
  /** Nothing may be changed: say what would be. */
  readonly dryRun: boolean
  /** Ends the shell with this status; undefined: that of the last command. */
  exit(status: number | undefined): void
}

/** The verb needs a server. */
export class NotConnected extends Error {
  constructor() {
    super('no connection to server')
  }
}

export const verb = (about: Verb): Verb => about
