/** Plays a trace on a model of the file system below one root: what was written, named and synced, and when. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  type DirectoryNode,
  type EntryChange,
  type EntryStep,
  type FileNode,
  type Node,
  newDirectory,
  newFile,
  readBytes,
  setSize,
  sizeOf,
  syncFile,
  writeBytes,
} from './files.js'
import { type Argument, type Call, readArguments, type Trace } from './trace.js'

/** A line that the traced program wrote to the notes file: what it began, what it was told or told others. */
export interface Note {
  readonly start: number
  readonly text: string
}

export interface History {
  readonly root: DirectoryNode
  readonly files: readonly FileNode[]
  readonly entries: readonly EntryStep[]
  readonly notes: readonly Note[]
  /** Places at which something under the root, or a note, began or ended: where to cut the power. Rising. */
  readonly moments: readonly number[]
  /** Paths that were mapped shared and writable. */
  readonly mapped: readonly string[]
  /** Number of calls that concerned the root. */
  readonly calls: number
}

export interface HistoryOptions {
  readonly trace: Trace
  /** Absolute path of the tree, as it was named while the trace was made. */
  readonly root: string
  /** Absolute path of the notes file, outside the root. */
  readonly notes: string
  /** A copy of the tree as it was, durable, before the trace began. */
  readonly before?: string
}

interface Description {
  readonly node: Node
  position: number
  readonly append: boolean
  readonly dsync: boolean
}

const never = Number.POSITIVE_INFINITY

/** @throws Error for a call that the model does not know how to play (mapped writes, copy_file_range, symlink …). */
export function buildHistory(options: HistoryOptions): History {
  return new Player(options).play()
}

class Player {
  readonly #options: HistoryOptions
  readonly #root = newDirectory()
  readonly #files: FileNode[] = []
  readonly #entries: EntryStep[] = []
  readonly #made = new Map<DirectoryNode, EntryStep>()
  readonly #notes: Note[] = []
  readonly #moments = new Set<number>()
  readonly #mapped = new Set<string>()
  readonly #processes = new Map<number, number>()
  readonly #descriptors = new Map<string, Description>()
  #calls = 0

  /** What each call does to the model at the place where it was entered. */
  readonly #effects: Readonly<Record<string, (call: Call) => void>> = {
    ...each(['open', 'openat', 'creat'], (call) => this.#openAt(call)),
    ...each(['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2'], (call) => this.#write(call)),
    ...each(['ftruncate', 'fallocate'], (call) => this.#resize(call)),
    ...each(['fsync', 'fdatasync'], (call) => this.#syncOne(call)),
    ...each(['sync', 'syncfs'], (call) => this.#syncAll(call)),
    ...each(['rename', 'renameat', 'renameat2', 'link', 'linkat'], (call) => this.#rename(call)),
    ...each(['unlink', 'unlinkat', 'rmdir'], (call) => this.#unlink(call)),
    ...each(['mkdir', 'mkdirat'], (call) => this.#mkdir(call)),
    ...each(['truncate', 'symlink', 'symlinkat', 'sendfile', 'splice', 'ioctl'], (call) => this.#refuse(call)),
    close: (call) => this.#close(call),
    lseek: (call) => this.#seek(call),
    mmap: (call) => this.#mmap(call),
    copy_file_range: (call) => this.#copy(call),
  }

  constructor(options: HistoryOptions) {
    this.#options = options
    if (options.before !== undefined) this.#load(options.before, this.#root)
  }

  play(): History {
    const { calls } = this.#options.trace
    for (const call of calls) this.#learnThread(call)
    // Effects count from where a call was entered, descriptors exist from where it returned.
    const events = calls.flatMap((call) => [
      { place: call.start, run: () => this.#enter(call) },
      { place: call.end, run: () => this.#leave(call) },
    ])
    events.sort((a, b) => a.place - b.place)
    for (const event of events) event.run()
    return {
      root: this.#root,
      files: this.#files,
      entries: this.#entries,
      notes: this.#notes,
      moments: [...this.#moments].filter((moment) => moment < never).sort((a, b) => a - b),
      mapped: [...this.#mapped],
      calls: this.#calls,
    }
  }

  #load(path: string, directory: DirectoryNode): void {
    const span = { start: -1, end: -1 }
    for (const name of readdirSync(path)) {
      const from = join(path, name)
      const stat = lstatSync(from)
      const node: Node = stat.isDirectory() ? newDirectory() : newFile()
      if (node.kind === 'file') {
        this.#files.push(node)
        writeBytes(node, 0, readFileSync(from), span, 0)
        syncFile(node, { start: 0, end: 0 })
      }
      directory.live.set(name, node)
      this.#entries.push({ ...span, changes: [{ directory, name, target: node }], needs: [], durable: 0, journaled: 0 })
      if (node.kind === 'directory') this.#load(from, node)
    }
  }

  // Threads of one process share descriptors; a thread's calls may stand before the clone that made it.

  #learnThread(call: Call): void {
    if (!/^(clone3?|v?fork)$/.test(call.name) || call.result === undefined || call.result <= 0) return
    if (call.args.includes('CLONE_THREAD')) this.#processes.set(call.result, this.#process(call.thread))
  }

  #process(thread: number): number {
    const parent = this.#processes.get(thread)
    return parent === undefined || parent === thread ? thread : this.#process(parent)
  }

  #slot(call: Call, fd: number): string {
    return `${this.#process(call.thread)}:${fd}`
  }

  // Paths

  #inRoot(path: string): boolean {
    const { root } = this.#options
    return path === root || path.startsWith(`${root}/`)
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const part of path.slice(this.#options.root.length).split('/')) {
      if (part === '') continue
      node = node?.kind === 'directory' ? node.live.get(part) : undefined
    }
    return node
  }

  #directory(path: string, call: Call): DirectoryNode {
    const node = this.#find(path)
    if (node?.kind !== 'directory') throw new Error(`${call.name}: no directory ${path} in the model`)
    return node
  }

  /** The path of argument `at`, with the directory descriptor before it if the call has one. */
  #path(args: readonly Argument[], at: number): string {
    const argument = args[at]
    if (argument?.kind !== 'bytes') return ''
    const path = argument.bytes.toString()
    if (path.startsWith('/')) return path.length > 1 ? path.replace(/\/+$/, '') : path
    const base = args[at - 1]
    return base?.kind === 'descriptor' ? join(base.descriptor.path, path) : path
  }

  // Calls

  #enter(call: Call): void {
    if (call.name === 'io_uring_setup') throw new Error('the traced program uses io_uring, which the trace cannot see')
    if (call.result === undefined ? false : call.result < 0) return
    this.#effects[call.name]?.(call)
  }

  /** What a call changes when it returns: descriptors. */
  #leave(call: Call): void {
    const { result } = call
    if (result === undefined || result < 0) return
    if (/^(open|openat|creat)$/.test(call.name)) this.#opened(call, result)
    else if (/^(clone3?|v?fork)$/.test(call.name) && !call.args.includes('CLONE_THREAD')) this.#forked(call, result)
    else if (/^dup[23]?$/.test(call.name) || (call.name === 'fcntl' && call.args.includes('F_DUPFD'))) {
      const [from] = readArguments(call.args)
      const description =
        from?.kind === 'descriptor' ? this.#descriptors.get(this.#slot(call, from.descriptor.fd)) : undefined
      if (description) this.#descriptors.set(this.#slot(call, result), description)
    }
  }

  #moment(call: Call): void {
    this.#calls++
    this.#moments.add(call.start)
    this.#moments.add(call.end)
  }

  #forked(call: Call, child: number): void {
    const prefix = `${this.#process(call.thread)}:`
    for (const [slot, description] of [...this.#descriptors])
      if (slot.startsWith(prefix)) this.#descriptors.set(`${child}:${slot.slice(prefix.length)}`, description)
  }

  #openAt(call: Call): void {
    const args = readArguments(call.args)
    const path = this.#path(args, call.name === 'openat' ? 1 : 0)
    if (!this.#inRoot(path) || path === this.#options.root) return
    const existing = this.#find(path)
    if (!existing) {
      const file = newFile()
      this.#files.push(file)
      this.#change(call, [{ directory: this.#directory(dirname(path), call), name: basename(path), target: file }])
    } else if (/O_TRUNC/.test(call.args) && existing.kind === 'file' && sizeOf(existing) > 0) {
      this.#moment(call)
      setSize(existing, 0, call)
    }
  }

  #opened(call: Call, fd: number): void {
    const slot = this.#slot(call, fd)
    this.#descriptors.delete(slot)
    const path = call.resultPath
    if (path === undefined || !this.#inRoot(path)) return
    const node = this.#find(path.replace(/ \(deleted\)$/, ''))
    if (!node) return
    this.#descriptors.set(slot, {
      node,
      position: 0,
      append: call.args.includes('O_APPEND'),
      dsync: /O_D?SYNC/.test(call.args),
    })
  }

  #close(call: Call): void {
    const [argument] = readArguments(call.args)
    if (argument?.kind === 'descriptor') this.#descriptors.delete(this.#slot(call, argument.descriptor.fd))
  }

  /** Runs `use` if the call's first argument is a descriptor of something below the root. */
  #onDescriptor(
    call: Call,
    use: (found: { args: readonly Argument[]; description: Description; path: string }) => void,
  ): void {
    const args = readArguments(call.args)
    const [argument] = args
    if (argument?.kind !== 'descriptor') return
    const { fd, path } = argument.descriptor
    if (!this.#inRoot(path)) return
    const known = this.#descriptors.get(this.#slot(call, fd))
    const node = known?.node ?? this.#find(path)
    if (!node) throw new Error(`${call.name}: descriptor ${fd} of ${path} is unknown to the model`)
    this.#moment(call)
    use({ args, description: known ?? { node, position: 0, append: false, dsync: false }, path })
  }

  #write(call: Call): void {
    if (this.#note(call)) return
    this.#onDescriptor(call, ({ args, description, path }) => {
      const { node } = description
      if (node.kind !== 'file') throw new Error(`${call.name} to a directory`)
      const all = bytesOf(args[1])
      const written = all.subarray(0, call.result ?? all.length)
      if (call.result !== undefined && written.length !== call.result)
        throw new Error(`${call.name} to ${path}: strace cut its data; raise -s`)
      const offset = call.name.startsWith('p') ? Number(text(args[3])) : undefined
      const at = offset ?? (description.append ? sizeOf(node) : description.position)
      const dsync = description.dsync || /RWF_D?SYNC/.test(call.args)
      writeBytes(node, at, written, call, dsync ? call.end : never)
      if (offset === undefined) description.position = at + written.length
    })
  }

  #note(call: Call): boolean {
    const [argument, value] = readArguments(call.args)
    if (argument?.kind !== 'descriptor' || argument.descriptor.path !== this.#options.notes) return false
    const lines = bytesOf(value).toString().split('\n')
    for (const line of lines) if (line !== '') this.#notes.push({ start: call.start, text: line })
    this.#moments.add(call.start)
    return true
  }

  #resize(call: Call): void {
    this.#onDescriptor(call, ({ args, description }) => {
      if (description.node.kind !== 'file') return
      if (call.name === 'ftruncate') {
        setSize(description.node, Number(text(args[1])), call)
        return
      }
      const mode = text(args[1])
      if (mode.includes('KEEP_SIZE')) return
      if (mode !== '0') throw new Error(`fallocate with mode ${mode} is unknown to the model`)
      const to = Number(text(args[2])) + Number(text(args[3]))
      if (to > sizeOf(description.node)) setSize(description.node, to, call)
    })
  }

  #seek(call: Call): void {
    this.#onDescriptor(call, ({ description }) => {
      description.position = call.result ?? description.position
    })
  }

  #syncOne(call: Call): void {
    this.#onDescriptor(call, ({ description }) => this.#sync(description.node, call))
  }

  #sync(node: Node, call: Call): void {
    if (node.kind === 'file') syncFile(node, call)
    for (const step of this.#entries) {
      if (step.end >= call.start) continue
      step.journaled = Math.min(step.journaled, call.end)
      if (step.changes.some(({ directory }) => directory === node)) step.durable = Math.min(step.durable, call.end)
    }
  }

  #syncAll(call: Call): void {
    this.#moment(call)
    for (const file of this.#files) syncFile(file, call)
    for (const step of this.#entries) {
      if (step.end >= call.start) continue
      step.journaled = Math.min(step.journaled, call.end)
      step.durable = Math.min(step.durable, call.end)
    }
  }

  #change(call: Call, changes: readonly EntryChange[], needs: readonly EntryStep[] = []): void {
    this.#moment(call)
    for (const { directory, name, target } of changes) {
      if (target) directory.live.set(name, target)
      else directory.live.delete(name)
    }
    this.#entries.push({ start: call.start, end: call.end, changes, needs, durable: never, journaled: never })
  }

  #rename(call: Call): void {
    const args = readArguments(call.args)
    const at = call.name.endsWith('at') || call.name === 'renameat2'
    const [from, to] = at ? [this.#path(args, 1), this.#path(args, 3)] : [this.#path(args, 0), this.#path(args, 1)]
    if (!this.#inRoot(from) && !this.#inRoot(to)) return
    const target = this.#find(from)
    if (!target || !this.#inRoot(to))
      throw new Error(`${call.name} ${from} → ${to}: source or target outside the model`)
    const into = this.#directory(dirname(to), call)
    const changes: EntryChange[] = [{ directory: into, name: basename(to), target }]
    if (call.name.startsWith('rename'))
      changes.unshift({ directory: this.#directory(dirname(from), call), name: basename(from), target: undefined })
    const made = this.#made.get(into)
    this.#change(call, changes, call.name.startsWith('rename') && made ? [made] : [])
  }

  #unlink(call: Call): void {
    const path = this.#path(readArguments(call.args), call.name === 'unlinkat' ? 1 : 0)
    if (!this.#inRoot(path)) return
    this.#change(call, [{ directory: this.#directory(dirname(path), call), name: basename(path), target: undefined }])
  }

  #mkdir(call: Call): void {
    const path = this.#path(readArguments(call.args), call.name === 'mkdirat' ? 1 : 0)
    if (!this.#inRoot(path) || path === this.#options.root) return
    const made = newDirectory()
    this.#change(call, [{ directory: this.#directory(dirname(path), call), name: basename(path), target: made }])
    const step = this.#entries.at(-1)
    if (step) this.#made.set(made, step)
  }

  #mmap(call: Call): void {
    if (!call.args.includes('PROT_WRITE') || !call.args.includes('MAP_SHARED')) return
    const argument = readArguments(call.args)[4]
    if (argument?.kind !== 'descriptor' || !this.#inRoot(argument.descriptor.path)) return
    this.#mapped.add(argument.descriptor.path)
    const node = this.#find(argument.descriptor.path)
    if (node?.kind === 'file') node.mapped = true
  }

  /** copy_file_range(from, offset, to, offset, …): where an offset is NULL the descriptor's position counts. */
  #copy(call: Call): void {
    const args = readArguments(call.args)
    const [source, into] = [args[0], args[2]].map((argument) =>
      argument?.kind === 'descriptor' ? this.#descriptors.get(this.#slot(call, argument.descriptor.fd)) : undefined,
    )
    if (!source && !into) return
    if (source?.node.kind !== 'file' || into?.node.kind !== 'file')
      throw new Error('copy_file_range between the model and the world outside is unknown to the model')
    this.#moment(call)
    const [from, to] = [offsetOf(args[1]) ?? source.position, offsetOf(args[3]) ?? into.position]
    const bytes = readBytes(source.node, from, call.result ?? 0)
    writeBytes(into.node, to, bytes, call, into.dsync ? call.end : never)
    if (offsetOf(args[1]) === undefined) source.position += bytes.length
    if (offsetOf(args[3]) === undefined) into.position += bytes.length
  }

  #refuse(call: Call): void {
    const named = readArguments(call.args).some((argument, at, args) =>
      argument.kind === 'descriptor' ? this.#inRoot(argument.descriptor.path) : this.#inRoot(this.#path(args, at)),
    )
    if (named && !(call.name === 'ioctl' && !/FICLONE/.test(call.args)))
      throw new Error(`${call.name} below the root is unknown to the model: ${call.args.slice(0, 200)}`)
  }
}

function each(names: readonly string[], effect: (call: Call) => void): Record<string, (call: Call) => void> {
  return Object.fromEntries(names.map((name) => [name, effect]))
}

function bytesOf(argument: Argument | undefined): Buffer {
  if (argument?.kind === 'bytes') return argument.bytes
  if (argument?.kind === 'vector') return Buffer.concat([...argument.buffers])
  return Buffer.alloc(0)
}

/** `[4096]` or `[4096] => [8192]`; undefined for NULL. */
function offsetOf(argument: Argument | undefined): number | undefined {
  const number = /^\[(\d+)\]/.exec(text(argument))?.[1]
  return number === undefined ? undefined : Number(number)
}

function text(argument: Argument | undefined): string {
  return argument?.kind === 'text' ? argument.text : ''
}
