/**
 * A process beside master that tells when a client waits at a listener, without accepting it: for services that are not
 * ours, which accept by themselves. Node has no call for that; but reading from a listening socket fails, and does so only
 * when a client waits. It needs a process of its own because the failure costs the handle, and master keeps the only other.
 */
import { Socket } from 'node:net'
import { closeHandle } from '../net/handover-messages.js'

export type ToPoller =
  /** With a listening handle: send it back. */
  | { readonly kind: 'hold'; readonly listener: string }
  /** With a listening handle: tell when a client waits, once. */
  | { readonly kind: 'watch'; readonly listener: string }

export type FromPoller =
  | { readonly kind: 'up' }
  /** With the raw handle. */
  | { readonly kind: 'held'; readonly listener: string }
  | { readonly kind: 'ready'; readonly listener: string }

const tell = (message: FromPoller, handle?: object): void => {
  const sent = () => (handle ? closeHandle(handle) : undefined)
  if (process.connected) process.send?.(message, handle as Socket | undefined, undefined, sent)
}

function watch(listener: string, handle: object): void {
  const settings: object = { handle, readable: true, writable: false }
  const socket = new Socket(settings)
  let told = false
  const ready = () => {
    if (!told) tell({ kind: 'ready', listener })
    told = true
    socket.destroy()
  }
  socket.on('error', ready).on('end', ready).on('close', ready).resume()
}

if (process.send !== undefined) {
  process.on('message', (message, handle) => {
    const { kind, listener } = message as ToPoller
    if (typeof handle !== 'object' || handle === null) return
    if (kind === 'hold') tell({ kind: 'held', listener }, handle)
    else watch(listener, handle)
  })
  process.on('disconnect', () => process.exit(0))
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)
  tell({ kind: 'up' })
}
