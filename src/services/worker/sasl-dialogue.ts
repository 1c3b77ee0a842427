/** A SASL exchange over a protocol's lines: base64 both ways, initial response, cancellation. RFC 4422 §4 */

import { longestMessage } from '../../auth/sasl.js'
import type { Attempt, AttemptStep, Refused, SignedIn } from '../../auth/sign-in.js'

/** How one protocol carries the exchange. */
export interface SaslWire {
  /** Sends a challenge, base64, perhaps empty: `+ …`, `334 …`, a quoted string. */
  challenge(base64: string): void
  /** The client's next line: base64 or `*`. Undefined when the connection ends. */
  response(): Promise<string | undefined>
  /** The protocol's OK can carry the server's last word (ManageSieve); else it goes as one more challenge. */
  readonly dataWithSuccess: boolean
}

export type DialogueEnd = SignedIn | Refused | { readonly kind: 'cancelled' } | { readonly kind: 'malformed' }

/**
 * `initial`: the initial response as it stood in the command: undefined when there was none, `=` when it is empty.
 * Throws what `wire.response` throws.
 */
export async function saslDialogue(
  attempt: Attempt,
  { initial, wire }: { initial: string | undefined; wire: SaslWire },
): Promise<DialogueEnd> {
  let message = initial === undefined ? undefined : initial === '=' ? Buffer.alloc(0) : readBase64(initial)
  if (initial !== undefined && message === undefined) return { kind: 'malformed' }
  for (;;) {
    const step = await attempt.step(message)
    if (step.kind !== 'challenge') return finish(step, wire)
    const line = await ask(wire, step.data)
    if (line === undefined || line === '*') return { kind: 'cancelled' }
    message = readBase64(line)
    if (message === undefined) return { kind: 'malformed' }
  }
}

async function finish(step: Exclude<AttemptStep, { kind: 'challenge' }>, wire: SaslWire): Promise<DialogueEnd> {
  if (!step.data || (step.kind === 'signedIn' && wire.dataWithSuccess)) return step
  const line = await ask(wire, step.data)
  // What the client says to the last word changes nothing, except that it may have found the server out.
  return step.kind === 'signedIn' && line !== '' ? { kind: 'cancelled' } : step
}

function ask(wire: SaslWire, data: Buffer): Promise<string | undefined> {
  wire.challenge(data.toString('base64'))
  return wire.response()
}

/** Strict: undefined for anything that is not canonical base64 of a bearable length. RFC 4648 §3.3 */
export function readBase64(text: string): Buffer | undefined {
  if (text.length > longestMessage * 2 || text.length % 4 !== 0) return undefined
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
