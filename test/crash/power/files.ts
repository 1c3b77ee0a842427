/** Files and directories as lists of steps in time, each step knowing when it became durable. */

export const pageSize = 4096
export const sectorSize = 512

/** One version of something. Issued from `start` on; sure to be on the disk from `durable` on; between them, nobody knows. */
export interface Step<T> {
  readonly start: number
  readonly end: number
  durable: number
  readonly value: T
}

export interface FileNode {
  readonly kind: 'file'
  /** Per page number its contents after each write, whole pages. Before the first: zeros. */
  readonly pages: Map<number, Step<Buffer>[]>
  readonly sizes: Step<number>[]
  /** Written through a shared mapping: the trace does not know what it holds. */
  mapped: boolean
}

export interface DirectoryNode {
  readonly kind: 'directory'
  /** As the running program sees it at the moment the trace is read. */
  readonly live: Map<string, Node>
}

export type Node = FileNode | DirectoryNode

export interface EntryChange {
  readonly directory: DirectoryNode
  readonly name: string
  /** Undefined: the name goes. */
  readonly target: Node | undefined
}

/**
 * Names that come and go together: a rename is atomic on every file system in use, also across directories.
 * `durable` by the letter of POSIX: a fsync of the directory; `journaled`: any later sync of the file system's journal.
 */
export interface EntryStep {
  readonly start: number
  readonly end: number
  readonly changes: readonly EntryChange[]
  /** The step that made the directory into which something older moves: no file system keeps the move without it. */
  readonly needs: readonly EntryStep[]
  durable: number
  journaled: number
}

export const zeroPage = Buffer.alloc(pageSize)

export function newFile(): FileNode {
  return { kind: 'file', pages: new Map(), sizes: [], mapped: false }
}

export function newDirectory(): DirectoryNode {
  return { kind: 'directory', live: new Map() }
}

export interface Span {
  readonly start: number
  readonly end: number
}

const never = Number.POSITIVE_INFINITY

export function sizeOf(file: FileNode): number {
  return file.sizes.at(-1)?.value ?? 0
}

function pageOf(file: FileNode, page: number): Buffer {
  return file.pages.get(page)?.at(-1)?.value ?? zeroPage
}

function putPage(file: FileNode, page: number, step: Step<Buffer>): void {
  const steps = file.pages.get(page)
  if (steps) steps.push(step)
  else file.pages.set(page, [step])
}

/** `durable`: the place where a write through O_DSYNC returned, Infinity for other writes. */
export function writeBytes(file: FileNode, at: number, bytes: Buffer, span: Span, durable = never): void {
  for (let from = 0; from < bytes.length; ) {
    const page = Math.floor((at + from) / pageSize)
    const inPage = (at + from) % pageSize
    const length = Math.min(pageSize - inPage, bytes.length - from)
    const piece = bytes.subarray(from, from + length)
    let value = zeroPage
    if (length < pageSize || piece.compare(zeroPage) !== 0) {
      value = Buffer.from(pageOf(file, page))
      piece.copy(value, inPage)
    }
    putPage(file, page, { ...span, durable, value })
    from += length
  }
  if (at + bytes.length > sizeOf(file)) file.sizes.push({ ...span, durable, value: at + bytes.length })
}

/** As the running program sees them at the moment the trace is read. */
export function readBytes(file: FileNode, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, sizeOf(file) - at)))
  for (let from = 0; from < bytes.length; ) {
    const page = Math.floor((at + from) / pageSize)
    from += pageOf(file, page).copy(bytes, from, (at + from) % pageSize)
  }
  return bytes
}

export function setSize(file: FileNode, size: number, span: Span): void {
  const before = sizeOf(file)
  if (size === before) return
  file.sizes.push({ ...span, durable: never, value: size })
  if (size > before) return
  const last = Math.floor(size / pageSize)
  for (const page of file.pages.keys()) {
    if (page < last) continue
    const value = page === last ? Buffer.from(pageOf(file, page)) : zeroPage
    if (page === last) value.fill(0, size % pageSize)
    putPage(file, page, { ...span, durable: never, value })
  }
}

/** A sync of the file that ran from `span.start` to `span.end`: all that had returned before it began is now durable. */
export function syncFile(file: FileNode, span: Span): void {
  for (const steps of file.pages.values()) settleSteps(steps, span)
  settleSteps(file.sizes, span)
}

function settleSteps(steps: readonly Step<unknown>[], span: Span): void {
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at]
    if (!step || step.durable <= span.start) return
    if (step.end < span.start) step.durable = Math.min(step.durable, span.end)
  }
}

/** The versions that a step list may show after a power cut at `time`: indexes `base` (-1: none yet) to `last`. */
export function possible(steps: readonly Step<unknown>[], time: number): { base: number; last: number } {
  let last = steps.length - 1
  while (last >= 0 && (steps[last]?.start ?? 0) > time) last--
  let base = last
  while (base >= 0 && (steps[base]?.durable ?? 0) > time) base--
  return { base, last }
}
