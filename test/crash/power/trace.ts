/** Reads what strace wrote (-f -y -xx) into a list of system calls, each with its place in time. */
import { readFileSync } from 'node:fs'

/**
 * One system call. `start` is the place in the trace where it was entered, `end` where it returned (Infinity if it never
 * did): what one thread did before entering stands at a smaller place than what another did after being told of it.
 */
export interface Call {
  readonly thread: number
  readonly name: string
  /** The text between the parentheses. */
  readonly args: string
  /** The number it returned; -1 for an error; undefined if the process died inside. */
  readonly result: number | undefined
  /** The path that -y shows behind a returned descriptor. */
  readonly resultPath: string | undefined
  readonly start: number
  readonly end: number
}

export interface Trace {
  readonly calls: readonly Call[]
  /** Number of places in the trace. */
  readonly length: number
}

interface Open {
  head: string
  start: number
  index: number
}

const callHead = /^(\w+)\(/
const resumed = /^<\.\.\. (\w+) resumed>/
const unfinished = ' <unfinished ...>'

/** The text of a trace file, or its bytes. Lines of signals and exits are passed over. */
export function readTrace(path: string): Trace {
  return parseTrace(readFileSync(path))
}

export function parseTrace(bytes: Buffer): Trace {
  const calls: (Call | undefined)[] = []
  const open = new Map<number, Open>()
  let place = 0
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(10, from)
    const to = newline < 0 ? bytes.length : newline
    const line = bytes.toString('latin1', from, to)
    from = to + 1
    place += 2
    const space = line.indexOf(' ')
    const thread = Number(line.slice(0, space))
    const text = line.slice(space).trimStart()
    if (text.startsWith('<... ')) {
      const match = resumed.exec(text)
      const began = open.get(thread)
      if (!match || !began) continue
      open.delete(thread)
      calls[began.index] = toCall(thread, began.head + text.slice(match[0].length), began.start, place + 1)
    } else if (text.endsWith(unfinished)) {
      open.set(thread, { head: text.slice(0, -unfinished.length), start: place, index: calls.length })
      calls.push(undefined)
    } else {
      calls.push(toCall(thread, text, place, place + 1))
    }
  }
  for (const [thread, began] of open) {
    calls[began.index] = toCall(thread, `${began.head}) = ?`, began.start, Number.POSITIVE_INFINITY)
  }
  return { calls: calls.filter((call) => call !== undefined), length: place + 2 }
}

function toCall(thread: number, text: string, start: number, end: number): Call | undefined {
  const name = callHead.exec(text)?.[1]
  const equals = text.lastIndexOf(') = ') >= 0 ? text.lastIndexOf(') = ') : text.search(/\)\s+= /)
  if (!name || equals < 0) return undefined
  const returned = text.slice(equals + 1).replace(/^\s*=\s*/, '')
  const number = /^-?\d+/.exec(returned)?.[0]
  const path = /^\d+<([^>]*)>/.exec(returned)?.[1]
  return {
    thread,
    name,
    args: text.slice(name.length + 1, equals).trimEnd(),
    result: number === undefined ? undefined : Number(number),
    resultPath: path === undefined ? undefined : unescapeHex(path).toString(),
    start,
    end,
  }
}

/** `\x2f\x61` → bytes. Escapes of other forms do not occur under -xx. */
export function unescapeHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}

export interface Descriptor {
  readonly fd: number
  /** What -y shows: a path, or `pipe:[…]`, `socket:[…]`. */
  readonly path: string
}

/** The arguments of a call: descriptors with their paths, strings as bytes, vectors of buffers, everything else as text. */
export type Argument =
  | { readonly kind: 'descriptor'; readonly descriptor: Descriptor }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'vector'; readonly buffers: readonly Buffer[] }
  | { readonly kind: 'text'; readonly text: string }

const descriptorForm = /^(\d+|AT_FDCWD)<([^>]*)>$/

export function readArguments(args: string): Argument[] {
  return splitTop(args).map((text) => {
    if (text.startsWith('"')) return { kind: 'bytes', bytes: unescapeHex(text.slice(1, text.lastIndexOf('"'))) }
    if (text.startsWith('[{iov_base=')) {
      const buffers = [...text.matchAll(/iov_base="([^"]*)"/g)].map((match) => unescapeHex(match[1] ?? ''))
      return { kind: 'vector', buffers }
    }
    const match = descriptorForm.exec(text)
    if (match) {
      const fd = match[1] === 'AT_FDCWD' ? -100 : Number(match[1])
      return { kind: 'descriptor', descriptor: { fd, path: unescapeHex(match[2] ?? '').toString() } }
    }
    return { kind: 'text', text }
  })
}

/** Splits at commas outside brackets and strings. Strings hold only `\x..` escapes, so a quote ends one. */
function splitTop(args: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < args.length; at++) {
    const code = args.charCodeAt(at)
    if (code === 0x22) {
      const close = args.indexOf('"', at + 1)
      at = close < 0 ? args.length : close
    } else if (code === 0x5b || code === 0x7b) depth++
    else if (code === 0x5d || code === 0x7d) depth--
    else if (code === 0x2c && depth === 0) {
      parts.push(args.slice(from, at).trim())
      from = at + 1
    }
  }
  const last = args.slice(from).trim()
  if (last !== '') parts.push(last)
  return parts
}
