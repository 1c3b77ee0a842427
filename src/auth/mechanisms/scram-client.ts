/** SCRAM-SHA-1 and SCRAM-SHA-256, with and without channel binding: the client's side. RFC 5802, RFC 7677 */
import { sameBytes } from '../same-bytes.js'
import {
  type ClientCredentials,
  type ClientExchange,
  type ClientMechanism,
  channelBindingTypes,
  SaslError,
} from '../sasl.js'
import { hmac, keysOf, prepare, saltedPassword, xor } from '../scram-keys.js'
import { type ScramKind, scramKinds } from './scram.js'
import { readServerFirst, writeName } from './scram-messages.js'

/** A server that asks for more work than this wants to harm. */
const MOST_ITERATIONS = 10_000_000

export const scramClients: readonly ClientMechanism[] = scramKinds.map((kind) => ({
  name: kind.name,
  clientFirst: true,
  plaintext: false,
  start: (credentials) => scramExchange(kind, credentials),
}))

function scramExchange({ hash, plus }: ScramKind, credentials: ClientCredentials): ClientExchange {
  const nonce = credentials.random(18).toString('base64')
  const { gs2, binding } = header(plus, credentials)
  let bare: string | undefined
  let verifier: Buffer | undefined
  return {
    async step(message) {
      if (bare === undefined) {
        bare = `n=${writeName(await prepare(credentials.user))},r=${nonce}`
        return Buffer.from(gs2 + bare)
      }
      const text = message?.toString() ?? ''
      if (verifier) {
        const claimed = /^v=([A-Za-z0-9+/=]+)/.exec(text)
        if (!claimed) throw new SaslError(`the server refused: ${text.replace(/^e=/, '')}`)
        if (!sameBytes(Buffer.from(claimed[1] ?? '', 'base64'), verifier))
          throw new SaslError('the server does not know the password: somebody else may be answering')
        return Buffer.alloc(0)
      }
      const first = readServerFirst(text)
      if (!first?.nonce.startsWith(nonce) || first.nonce === nonce || first.iterations > MOST_ITERATIONS)
        throw new SaslError('the server sent a malformed challenge')
      const keys = keysOf(hash, await saltedPassword(hash, { password: credentials.password, ...first }))
      const withoutProof = `c=${Buffer.concat([Buffer.from(gs2), binding]).toString('base64')},r=${first.nonce}`
      const authMessage = `${bare},${text},${withoutProof}`
      verifier = hmac(hash, keys.serverKey, authMessage)
      const proof = xor(keys.clientKey, hmac(hash, keys.storedKey, authMessage))
      return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`)
    },
  }
}

function header(plus: boolean, { channel, actAs }: ClientCredentials): { gs2: string; binding: Buffer } {
  const who = `,${actAs ? `a=${writeName(actAs)}` : ''},`
  if (!plus) return { gs2: `n${who}`, binding: Buffer.alloc(0) }
  for (const type of channelBindingTypes) {
    const binding = channel.channelBinding(type)
    if (binding) return { gs2: `p=${type}${who}`, binding }
  }
  throw new SaslError('this connection has no channel binding')
}
