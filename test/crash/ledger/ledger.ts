/** A bank on the bare environment: transactions whose every trace can be checked, for kills and power cuts. */
import { createHash } from 'node:crypto'
import type { Environment } from '../../../src/db/environment.js'
import type { Codec, Table, TableDeclaration } from '../../../src/db/table.js'
import type { Random } from '../random.js'

const accounts = 16
const opening = 1000
const slots = 8

const u32: Codec<number> = {
  encode: (value) => {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(value)
    return bytes
  },
  decode: (bytes) => bytes.readUInt32BE(0),
}
const json = <T>(): Codec<T> => ({
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(bytes.toString()) as T,
})
const raw: Codec<Buffer> = { encode: (bytes) => bytes, decode: (bytes) => Buffer.from(bytes) }

/** One line of the ledger; `hash` chains the lines of one writer. */
interface Line {
  readonly writer: number
  readonly n: number
  readonly hash: string
  readonly from: number
  readonly to: number
  readonly amount: number
  readonly slot: number
  /** SHA-1 of the blob put into the slot, or empty if the slot was emptied. */
  readonly blob: string
}

const declarations = {
  sequence: { name: 'sequence', version: 1, key: u32, value: u32 } satisfies TableDeclaration<number, number>,
  lines: { name: 'lines', version: 1, key: u32, value: json<Line>() } satisfies TableDeclaration<number, Line>,
  heads: { name: 'heads', version: 1, key: u32, value: json<{ n: number; hash: string }>() },
  accounts: { name: 'accounts', version: 1, key: u32, value: json<number>() },
  blobs: { name: 'blobs', version: 1, key: u32, value: raw } satisfies TableDeclaration<number, Buffer>,
}

export interface Ledger {
  readonly environment: Environment
  readonly sequence: Table<number, number>
  readonly lines: Table<number, Line>
  readonly heads: Table<number, { n: number; hash: string }>
  readonly accounts: Table<number, number>
  readonly blobs: Table<number, Buffer>
}

export function openLedger(environment: Environment): Ledger {
  return {
    environment,
    sequence: environment.table(declarations.sequence),
    lines: environment.table(declarations.lines),
    heads: environment.table(declarations.heads),
    accounts: environment.table(declarations.accounts),
    blobs: environment.table(declarations.blobs),
  }
}

const sha1 = (bytes: Buffer | string): string => createHash('sha1').update(bytes).digest('hex')

/** One transaction: a transfer, a blob written over or removed, a line in the chain. Returns the line as acknowledged. */
export function post(ledger: Ledger, writer: number, random: Random, largest = 20_000): string {
  return ledger.environment.write(() => {
    const number = (ledger.sequence.get(0) ?? 0) + 1
    const head = ledger.heads.get(writer) ?? { n: 0, hash: '' }
    const [from, to, amount] = [random.below(accounts), random.below(accounts), random.below(100)]
    ledger.accounts.put(from, (ledger.accounts.get(from) ?? opening) - amount)
    ledger.accounts.put(to, (ledger.accounts.get(to) ?? opening) + amount)
    const slot = writer * slots + random.below(slots)
    const blob = random.chance(0.1) ? undefined : random.bytes(random.below(random.chance(0.3) ? largest : 300) + 1)
    if (blob) ledger.blobs.put(slot, blob)
    else ledger.blobs.remove(slot)
    const rest = { writer, n: head.n + 1, from, to, amount, slot, blob: blob ? sha1(blob) : '' }
    const hash = sha1(head.hash + JSON.stringify(rest))
    ledger.lines.put(number, { ...rest, hash })
    ledger.heads.put(writer, { n: rest.n, hash })
    ledger.sequence.put(0, number)
    return acknowledgement(number, { ...rest, hash })
  })
}

function acknowledgement(number: number, line: Line): string {
  return `${number} ${line.writer} ${line.n} ${line.hash}`
}

/** Everything that must hold at any moment, and that each acknowledged line is there. Returns complaints. */
export function checkLedger(ledger: Ledger, acknowledged: Iterable<string>): string[] {
  return ledger.environment.read(() => {
    const complaints: string[] = []
    const balances = new Map<number, number>()
    const heads = new Map<number, { n: number; hash: string }>()
    const blobs = new Map<number, string>()
    const lines = new Map<number, string>()
    let expected = 0
    for (const { key, value } of ledger.lines.range()) {
      expected++
      if (key !== expected) complaints.push(`line ${key} where ${expected} should be`)
      const { hash, ...rest } = value
      const head = heads.get(value.writer) ?? { n: 0, hash: '' }
      if (rest.n !== head.n + 1) complaints.push(`line ${key}: n ${rest.n} of writer ${rest.writer} follows ${head.n}`)
      if (sha1(head.hash + JSON.stringify(rest)) !== hash) complaints.push(`line ${key}: the chain is broken`)
      heads.set(rest.writer, { n: rest.n, hash })
      balances.set(rest.from, (balances.get(rest.from) ?? opening) - rest.amount)
      balances.set(rest.to, (balances.get(rest.to) ?? opening) + rest.amount)
      blobs.set(rest.slot, rest.blob)
      lines.set(key, acknowledgement(key, value))
    }
    if ((ledger.sequence.get(0) ?? 0) !== expected) complaints.push('the sequence is not the number of lines')
    if (ledger.lines.count() !== expected) complaints.push('the count of lines differs from the lines')
    for (const [writer, head] of heads)
      if (ledger.heads.get(writer)?.hash !== head.hash) complaints.push(`head of writer ${writer} differs`)
    for (const [account, balance] of balances)
      if (ledger.accounts.get(account) !== balance) complaints.push(`account ${account} differs`)
    for (const [slot, blob] of blobs) {
      const bytes = ledger.blobs.get(slot)
      if ((bytes ? sha1(bytes) : '') !== blob) complaints.push(`blob ${slot} differs`)
    }
    for (const line of acknowledged)
      if (lines.get(Number(line.split(' ')[0])) !== line) complaints.push(`acknowledged and lost: ${line}`)
    return complaints.slice(0, 10)
  })
}

/** What any reader must see in any snapshot: money neither made nor lost, and all that was acknowledged to it. */
export function checkTotals(ledger: Ledger, newest: number): string[] {
  return ledger.environment.read(() => {
    const complaints: string[] = []
    let total = 0
    for (let account = 0; account < accounts; account++) total += ledger.accounts.get(account) ?? opening
    if (total !== accounts * opening) complaints.push(`a reader saw a total of ${total}`)
    const seen = ledger.sequence.get(0) ?? 0
    if (seen < newest) complaints.push(`a reader saw line ${seen} after ${newest} was acknowledged`)
    return complaints
  })
}
