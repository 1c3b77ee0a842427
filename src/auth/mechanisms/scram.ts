/** SCRAM-SHA-1 and SCRAM-SHA-256, with and without channel binding: the server's side. RFC 5802, RFC 7677 */
import { sameBytes } from '../same-bytes.js'
import {
  type ChannelBindingType,
  channelBindingTypes,
  failed,
  type ScramHash,
  type ScramSecret,
  type ServerContext,
  type ServerExchange,
  type ServerMechanism,
  type Step,
  utf8,
} from '../sasl.js'
import { digest, hashSize, hmac, scramIterations, xor } from '../scram-keys.js'
import { type ClientFirst, readClientFinal, readClientFirst, writeServerFirst } from './scram-messages.js'

export interface ScramKind {
  readonly name: string
  readonly hash: ScramHash
  /** The -PLUS form. */
  readonly plus: boolean
}

export const scramKinds: readonly ScramKind[] = [
  { name: 'SCRAM-SHA-256-PLUS', hash: 'sha256', plus: true },
  { name: 'SCRAM-SHA-256', hash: 'sha256', plus: false },
  { name: 'SCRAM-SHA-1-PLUS', hash: 'sha1', plus: true },
  { name: 'SCRAM-SHA-1', hash: 'sha1', plus: false },
]

export const scramServers: readonly ServerMechanism[] = scramKinds.map((kind) => ({
  name: kind.name,
  plaintext: false,
  usable: ({ tls }) => tls || !kind.plus,
  start: (context) => scramExchange(kind, context),
}))

/** What the server remembers between the client's two messages. */
interface Half {
  readonly first: ClientFirst
  readonly secret: ScramSecret
  readonly known: boolean
  readonly nonce: string
  readonly serverFirst: string
}

function scramExchange(kind: ScramKind, context: ServerContext): ServerExchange {
  let half: Half | undefined
  let begun = false
  return {
    async step(message): Promise<Step> {
      if (message === undefined && !begun) {
        begun = true
        return { kind: 'challenge', data: Buffer.alloc(0) }
      }
      begun = true
      const text = utf8(message ?? Buffer.alloc(0)) ?? ''
      if (half) return finish(kind, context, { half, text })
      const first = readClientFirst(text)
      if (!first) return failed('malformed message')
      const wrong = wrongBinding(kind, context, first)
      if (wrong) return failed(wrong, first.user)
      half = await answer(kind.hash, context, first)
      return { kind: 'challenge', data: Buffer.from(half.serverFirst) }
    },
  }
}

/** RFC 5802 §6: "y" from a client that could bind, to a server that offered it, means that somebody sits between. */
function wrongBinding(
  kind: ScramKind,
  { offered, channel }: ServerContext,
  { binding }: ClientFirst,
): string | undefined {
  if (kind.plus) {
    if (binding.kind !== 'used') return 'channel binding is missing'
    if (!isBindingType(binding.type)) return 'unsupported channel binding type'
    return channel.channelBinding(binding.type) ? undefined : 'no such channel binding on this connection'
  }
  if (binding.kind === 'used') return 'unexpected channel binding'
  if (binding.kind === 'unused' && offered.includes(`${kind.name}-PLUS`)) return 'channel binding was suppressed'
  return undefined
}

async function answer(
  hash: ScramHash,
  { secrets, random, pseudonym }: ServerContext,
  first: ClientFirst,
): Promise<Half> {
  const found = await secrets.scram(first.user, hash)
  // A user who does not exist gets a salt too, the same each time. RFC 5802 §9
  const secret = found ?? {
    salt: pseudonym(first.user).subarray(0, 16),
    iterations: scramIterations,
    storedKey: random(hashSize[hash]),
    serverKey: random(hashSize[hash]),
  }
  const nonce = first.nonce + random(18).toString('base64')
  const serverFirst = writeServerFirst({ nonce, salt: secret.salt, iterations: secret.iterations })
  return { first, secret, known: found !== undefined, nonce, serverFirst }
}

function finish({ hash }: ScramKind, { channel }: ServerContext, { half, text }: { half: Half; text: string }): Step {
  const { first, secret, known, nonce, serverFirst } = half
  const final = readClientFinal(text)
  if (!final) return failed('malformed message', first.user)
  const bytes = first.binding.kind === 'used' ? channel.channelBinding(bindingType(first.binding.type)) : undefined
  const binding = Buffer.concat([Buffer.from(first.header), bytes ?? Buffer.alloc(0)])
  if (!sameBytes(final.binding, binding))
    return refused('channel-bindings-dont-match', 'wrong channel binding', first.user)
  if (final.nonce !== nonce) return refused('other-error', 'wrong nonce', first.user)
  const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`
  const signature = hmac(hash, secret.storedKey, authMessage)
  const sized = final.proof.length === signature.length
  const clientKey = xor(sized ? final.proof : signature, signature)
  if (!sameBytes(digest(hash, clientKey), secret.storedKey) || !sized || !known)
    return refused('invalid-proof', 'wrong password or unknown user', first.user)
  const verifier = hmac(hash, secret.serverKey, authMessage).toString('base64')
  return { kind: 'proven', user: first.user, actAs: first.actAs, data: Buffer.from(`v=${verifier}`) }
}

function refused(error: string, why: string, user: string): Step {
  return { kind: 'failed', user, why, data: Buffer.from(`e=${error}`) }
}

function isBindingType(name: string): name is ChannelBindingType {
  return channelBindingTypes.some((type) => type === name)
}

function bindingType(name: string): ChannelBindingType {
  return isBindingType(name) ? name : 'tls-exporter'
}
