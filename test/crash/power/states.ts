/** Chooses trees that a disk could hold after a power cut, and writes them to a directory. */
import { createHash } from 'node:crypto'
import { closeSync, ftruncateSync, linkSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../random.js'
import {
  type DirectoryNode,
  type EntryStep,
  type FileNode,
  type Node,
  pageSize,
  possible,
  type Step,
  sectorSize,
  zeroPage,
} from './files.js'
import type { History } from './history.js'

/** `posix`: a name is durable after a fsync of its directory only. `journaled`: names are kept in order, as ext4 and xfs do. */
export type Profile = 'posix' | 'journaled'

/** Which of the undecided items the disk took. */
export type Loss =
  | 'none' // everything issued arrived
  | 'all' // nothing arrived that no sync had covered
  | 'prefix' // all up to some moment arrived, later ones did not
  | 'one' // one item is missing
  | 'allButOne' // one item arrived
  | 'random' // each by the toss of a coin, biased anew for each state
  | 'data' // file contents did not arrive, names and sizes did
  | 'names' // names did not arrive, file contents did

const losses: readonly Loss[] = ['none', 'all', 'prefix', 'one', 'allButOne', 'random', 'random', 'data', 'names']

/** A tree as the disk holds it: directories as maps, files as bytes; one object for all names of a linked file. */
export interface Tree {
  readonly root: DirectoryTree
}
export interface DirectoryTree {
  readonly entries: Map<string, DirectoryTree | FileContents>
}
/** Pages that are not there hold zeros; what a page holds beyond the size is not shown. */
export interface FileContents {
  readonly size: number
  readonly pages: ReadonlyMap<number, Buffer>
}

export interface State {
  /** The moment of the power cut, a place in the trace. */
  readonly time: number
  readonly profile: Profile
  readonly loss: Loss
  /** Number of pages of which some sectors are of one version and some of another. */
  readonly torn: number
  readonly tree: Tree
  /** Notes written before that moment. */
  readonly notes: readonly string[]
  /** Same tree and same notes, same text. */
  readonly fingerprint: string
}

interface Item {
  readonly start: number
}

/** The undecided at one moment, and the versions chosen for each. */
interface Choice {
  readonly pages: Map<readonly Step<Buffer>[], number>
  readonly sizes: Map<readonly Step<number>[], number>
  readonly entries: Set<EntryStep>
}

/** One possible state, by the random source alone: the same source gives the same state again. */
export function chooseState(history: History, random: Random): State {
  const time = chooseMoment(history, random)
  const profile: Profile = random.chance(0.5) ? 'journaled' : 'posix'
  const loss = random.pick(losses) ?? 'none'
  const wanted = keeper(history, { time, profile, loss }, random)
  const choice = choose(history, { time, profile }, wanted)
  const tearing = random.chance(0.35) ? 1 + random.below(3) : 0
  const torn = tear(choice, time, tearing, random)
  const notes = history.notes.filter((note) => note.start <= time).map((note) => note.text)
  const tree = grow(history, choice, { time, torn, random })
  return { time, profile, loss, torn: torn.size, tree, notes, fingerprint: fingerprint(tree, notes) }
}

/** The tree with everything that was issued: what the machine itself would show. */
export function finalTree(history: History, random: Random): Tree {
  const time = Number.MAX_SAFE_INTEGER
  const choice = choose(history, { time, profile: 'journaled' }, () => true)
  return grow(history, choice, { time, torn: new Map(), random })
}

/** Half of the cuts just before or after a note, where a promise is youngest; the others anywhere. */
function chooseMoment(history: History, random: Random): number {
  if (random.chance(0.5)) {
    const note = random.pick(history.notes)
    if (note) return note.start + random.below(2)
  }
  return random.pick(history.moments) ?? 0
}

type Keep = (item: Item, kind: 'page' | 'size' | 'entry') => boolean

function keeper(history: History, at: { time: number; profile: Profile; loss: Loss }, random: Random): Keep {
  switch (at.loss) {
    case 'none':
      return () => true
    case 'all':
      return () => false
    case 'data':
      return (_, kind) => kind !== 'page'
    case 'names':
      return (_, kind) => kind !== 'entry'
    case 'prefix': {
      const until = random.pick(undecidedStarts(history, at)) ?? at.time
      return (item) => item.start <= until
    }
    case 'one':
    case 'allButOne': {
      const chosen = random.pick(undecidedStarts(history, at))
      const keep = at.loss === 'allButOne'
      return (item) => (item.start === chosen) === keep
    }
    case 'random': {
      const share = random.pick([0.05, 0.3, 0.5, 0.7, 0.95]) ?? 0.5
      return () => random.chance(share)
    }
  }
}

function undecidedStarts(history: History, { time, profile }: { time: number; profile: Profile }): number[] {
  const starts: number[] = []
  for (const file of history.files) {
    for (const steps of [...file.pages.values(), file.sizes]) {
      const { base, last } = possible(steps, time)
      for (let at = base + 1; at <= last; at++) starts.push(steps[at]?.start ?? 0)
    }
  }
  for (const step of history.entries) if (step.start <= time && durableAt(step, profile) > time) starts.push(step.start)
  return starts
}

function durableAt(step: EntryStep, profile: Profile): number {
  return profile === 'posix' ? step.durable : step.journaled
}

function choose(history: History, { time, profile }: { time: number; profile: Profile }, keep: Keep): Choice {
  const choice: Choice = { pages: new Map(), sizes: new Map(), entries: new Set() }
  for (const file of history.files) {
    for (const steps of file.pages.values())
      choice.pages.set(
        steps,
        version(steps, time, (step) => keep(step, 'page')),
      )
    choice.sizes.set(
      file.sizes,
      version(file.sizes, time, (step) => keep(step, 'size')),
    )
  }
  let journalEnded = false
  for (const step of history.entries) {
    if (step.start > time) continue
    const sure = durableAt(step, profile) <= time
    // A journal holds a step only with all before it.
    const kept = sure || (!journalEnded && keep(step, 'entry') && step.needs.every((need) => choice.entries.has(need)))
    if (kept) choice.entries.add(step)
    else if (profile === 'journaled') journalEnded = true
  }
  return choice
}

/** The newest version that is kept, or the newest sure one. */
function version(steps: readonly Step<unknown>[], time: number, keep: (step: Item) => boolean): number {
  const { base, last } = possible(steps, time)
  for (let at = last; at > base; at--) {
    const step = steps[at]
    if (step && keep(step)) return at
  }
  return base
}

/** For some undecided pages: a version for each of their sectors. */
function tear(choice: Choice, time: number, count: number, random: Random): Map<readonly Step<Buffer>[], number[]> {
  const torn = new Map<readonly Step<Buffer>[], number[]>()
  if (count === 0) return torn
  const candidates: { steps: readonly Step<Buffer>[]; base: number; last: number }[] = []
  for (const steps of choice.pages.keys()) {
    const { base, last } = possible(steps, time)
    if (last > base) candidates.push({ steps, base, last })
  }
  for (let k = 0; k < count; k++) {
    const page = random.pick(candidates)
    if (!page) break
    const sectors = Array.from(
      { length: pageSize / sectorSize },
      () => page.base + random.below(page.last - page.base + 1),
    )
    torn.set(page.steps, sectors)
  }
  return torn
}

interface Growing {
  readonly time: number
  readonly torn: ReadonlyMap<readonly Step<Buffer>[], readonly number[]>
  readonly random: Random
}

function grow(history: History, choice: Choice, growing: Growing): Tree {
  const names = new Map<DirectoryNode, Map<string, Node>>()
  for (const step of history.entries) {
    if (!choice.entries.has(step)) continue
    for (const { directory, name, target } of step.changes) {
      const entries = names.get(directory) ?? new Map<string, Node>()
      names.set(directory, entries)
      if (target) entries.set(name, target)
      else entries.delete(name)
    }
  }
  const made = new Map<FileNode, FileContents>()
  const file = (node: FileNode): FileContents => {
    const known = made.get(node) ?? contents(node, choice, growing)
    made.set(node, known)
    return known
  }
  const directory = (node: DirectoryNode): DirectoryTree => ({
    entries: new Map(
      [...(names.get(node) ?? [])].map(([name, child]) => [
        name,
        child.kind === 'file' ? file(child) : directory(child),
      ]),
    ),
  })
  return { root: directory(history.root) }
}

function contents(file: FileNode, choice: Choice, { torn, random }: Growing): FileContents {
  const size = file.sizes[choice.sizes.get(file.sizes) ?? -1]?.value ?? 0
  // What a shared mapping held is anybody's guess: nothing, zeros, or garbage.
  if (file.mapped) {
    if (random.chance(0.5)) return { size: random.chance(0.5) ? size : 0, pages: new Map() }
    const last = Math.ceil(size / pageSize)
    return { size, pages: new Map(Array.from({ length: last }, (_, page) => [page, random.bytes(pageSize)])) }
  }
  const pages = new Map<number, Buffer>()
  for (const [page, steps] of [...file.pages].sort(([a], [b]) => a - b)) {
    const sectors = torn.get(steps)
    const whole = sectors ? patch(steps, sectors) : steps[choice.pages.get(steps) ?? -1]?.value
    if (whole && whole !== zeroPage && page * pageSize < size) pages.set(page, whole)
  }
  return { size, pages }
}

function patch(steps: readonly Step<Buffer>[], sectors: readonly number[]): Buffer {
  const page = Buffer.alloc(pageSize)
  sectors.forEach((chosen, sector) => {
    const from = sector * sectorSize
    steps[chosen]?.value.copy(page, from, from, from + sectorSize)
  })
  return page
}

function fingerprint(tree: Tree, notes: readonly string[]): string {
  const hash = createHash('sha1')
  const visit = (directory: DirectoryTree): void => {
    for (const [name, node] of [...directory.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (isDirectory(node)) {
        hash.update(`directory ${name}\n`)
        visit(node)
        continue
      }
      hash.update(`file ${name} ${node.size}\n`)
      for (const [page, bytes] of node.pages) hash.update(`page ${page}\n`).update(bytes)
    }
    hash.update('end\n')
  }
  visit(tree.root)
  return hash.update(String(notes.length)).digest('hex')
}

function isDirectory(node: DirectoryTree | FileContents): node is DirectoryTree {
  return 'entries' in node
}

/** Writes a tree into a directory that does not exist yet. */
export function writeTree(tree: Tree, path: string): void {
  const written = new Map<FileContents, string>()
  const visit = (directory: DirectoryTree, at: string): void => {
    mkdirSync(at, { mode: 0o700 })
    for (const [name, node] of directory.entries) {
      const to = join(at, name)
      if (isDirectory(node)) {
        visit(node, to)
        continue
      }
      const first = written.get(node)
      if (first === undefined) writeContents(node, to)
      else linkSync(first, to)
      written.set(node, to)
    }
  }
  visit(tree.root, path)
}

/** Holes stay holes: a journal segment is mostly zeros. */
function writeContents({ size, pages }: FileContents, path: string): void {
  const descriptor = openSync(path, 'wx', 0o600)
  ftruncateSync(descriptor, size)
  for (const [page, bytes] of pages)
    writeSync(descriptor, bytes, 0, Math.min(pageSize, size - page * pageSize), page * pageSize)
  closeSync(descriptor)
}

/** The paths in which a tree differs from a directory's real files, read by `read`; for the model's own check. */
export function differences(
  tree: Tree,
  actual: ReadonlyMap<string, Buffer>,
  passOver: (path: string) => boolean,
): string[] {
  const found: string[] = []
  const seen = new Set<string>()
  const visit = (directory: DirectoryTree, at: string): void => {
    for (const [name, node] of directory.entries) {
      const path = at === '' ? name : `${at}/${name}`
      if (isDirectory(node)) {
        visit(node, path)
        continue
      }
      seen.add(path)
      const real = actual.get(path)
      if (passOver(path)) continue
      if (!real) found.push(`${path}: only in the model`)
      else if (!sameBytes(node, real)) found.push(`${path}: other bytes (${node.size} octets for ${real.length})`)
    }
  }
  visit(tree.root, '')
  for (const path of actual.keys()) if (!seen.has(path) && !passOver(path)) found.push(`${path}: missing in the model`)
  return found
}

function sameBytes({ size, pages }: FileContents, real: Buffer): boolean {
  if (size !== real.length) return false
  for (let page = 0; page * pageSize < size; page++) {
    const there = real.subarray(page * pageSize, Math.min(size, (page + 1) * pageSize))
    if (!(pages.get(page) ?? zeroPage).subarray(0, there.length).equals(there)) return false
  }
  return true
}
