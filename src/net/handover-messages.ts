/** What master and its workers tell each other over their channel, and the listening handle that travels along. */
import type { Server } from 'node:net'

/** One entry of SERVICES, as a worker sees it. Entries share a worker when they differ in -s and -a alone. */
export interface ServiceDescription {
  readonly name: string
  /** What follows the program in cmd=. */
  readonly args: readonly string[]
  /** Simultaneous connections that this worker may have for the entry; null is no limit. */
  readonly share: number | null
}

export type FromMaster =
  /** First of all, and again after a change of shares. */
  | { readonly kind: 'entries'; readonly entries: readonly ServiceDescription[] }
  /** With a listening handle: accept on it for the entry. */
  | { readonly kind: 'listen'; readonly listener: string; readonly entry: string }
  /** With a socket that master accepted while no worker was there. */
  | { readonly kind: 'connection'; readonly entry: string }
  /** Accept no more, let the sessions end by themselves, then go. */
  | { readonly kind: 'drain' }
  /** End the sessions; what is left after so many milliseconds is cut. */
  | { readonly kind: 'stop'; readonly within: number }

export type FromWorker =
  /** The program is up; listeners may come. */
  | { readonly kind: 'started' }
  /** With the raw listening handle: master keeps it, so that the listener outlives this worker. */
  | { readonly kind: 'hold'; readonly listener: string }
  /** The share is used up, this listener is left to the others. */
  | { readonly kind: 'full'; readonly listener: string }
  /** There is room again: send the listener. */
  | { readonly kind: 'wants'; readonly listener: string }
  /** A sign of life. `accepted` counts from the start, memory is in MiB, busy is the share of time at work. */
  | {
      readonly kind: 'beat'
      readonly connections: number
      /** By entry. */
      readonly counts: Readonly<Record<string, number>>
      readonly accepted: number
      readonly memory: number
      readonly busy: number
    }

/**
 * The raw handle of a listening server. Node's types hide it; its own cluster module sends it between processes as we do.
 * A raw handle can be kept and sent on without accepting anything, which a Server cannot.
 */
export function listeningHandle(server: Server): object | undefined {
  const handle: unknown = Reflect.get(server, '_handle')
  return typeof handle === 'object' && handle !== null ? handle : undefined
}

/** Closes a raw handle that nobody needs any more. */
export function closeHandle(handle: object): void {
  const close: unknown = Reflect.get(handle, 'close')
  if (typeof close === 'function') close.call(handle)
}
