/** What the threads of a process say to each other, and bringing Buffers through structured clone. */
import type { MessagePort } from 'node:worker_threads'
import type { Change } from '../change/change.js'
import type { StoreConfig } from '../config.js'
import type { Answer } from '../engine.js'
import type { Work } from '../settle/settlement.js'
import type { Told } from './writer.js'

/** Handed to a thread when it starts. */
export interface ThreadStart {
  readonly config: StoreConfig
  /** Between the writer and the settler. */
  readonly port: MessagePort
}

export type ToWriter =
  | { readonly kind: 'change'; readonly number: number; readonly change: Change }
  | { readonly kind: 'close' }
export type FromWriter =
  | { readonly kind: 'answers'; readonly answers: readonly (readonly [number, Answer])[]; readonly told: Told }
  | { readonly kind: 'closed' }
export type ToSettler = { readonly kind: 'work'; readonly work: readonly Work[] } | { readonly kind: 'close' }
export type FromSettler = { readonly kind: 'report'; readonly line: string } | { readonly kind: 'closed' }

/** Structured clone turns a Buffer into a plain Uint8Array: the same octets as a Buffer again. */
const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function reviveChange(change: Change): Change {
  if (change.kind === 'setAnnotation') return change.value ? { ...change, value: asBuffer(change.value) } : change
  if (change.kind !== 'append') return change
  const { staged } = change
  const digests = {
    ...staged.digests,
    sha1: asBuffer(staged.digests.sha1),
    sha256: asBuffer(staged.digests.sha256),
  }
  return {
    ...change,
    staged: staged.kind === 'memory' ? { ...staged, digests, bytes: asBuffer(staged.bytes) } : { ...staged, digests },
    targets: change.targets.map((target) =>
      target.deliveryKey
        ? { ...target, deliveryKey: { ...target.deliveryKey, digest: asBuffer(target.deliveryKey.digest) } }
        : target,
    ),
  }
}

/** The memory that may be given away with a change: the message's, when the Buffer has it for itself. */
export function transferable(change: Change): ArrayBuffer[] {
  if (change.kind !== 'append' || change.staged.kind !== 'memory') return []
  return ownMemory(change.staged.bytes)
}

export function reviveWork(work: Work): Work {
  return work.kind === 'unpack' ? { ...work, bytes: asBuffer(work.bytes) } : work
}

export function ownMemory(bytes: Buffer): ArrayBuffer[] {
  const { buffer } = bytes
  return buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength && bytes.length > 0 ? [buffer] : []
}
