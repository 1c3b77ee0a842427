/**
 * DIGEST-MD5, the client's side: the package sasl-digest-md5, corrected. RFC 2831
 *
 * The package hashes octets as UTF-8 text (every response is wrong on Node since version 6), reads one realm only, does
 * not quote, and never checks the server's answer. So it writes the message, and the realm, the quoting, the response,
 * the authorization identity and the check of rspauth are ours.
 */
import Mechanism from 'sasl-digest-md5'
import { sameBytes } from '../same-bytes.js'
import { type ClientCredentials, type ClientMechanism, SaslError } from '../sasl.js'
import { quoted, readDirectives } from './digest-md5-directives.js'
import { type DigestInput, digestResponse, digestSecret } from './digest-md5-response.js'

export const digestMd5Client: ClientMechanism = {
  name: 'DIGEST-MD5',
  clientFirst: false,
  plaintext: false,
  start: (credentials) => {
    let sent: DigestInput | undefined
    return {
      step(message) {
        if (message === undefined) return undefined
        if (sent) return confirm(message.toString(), sent)
        const answer = respond(message.toString(), credentials)
        sent = answer.input
        return Buffer.from(answer.text)
      },
    }
  },
}

function respond(challenge: string, credentials: ClientCredentials): { input: DigestInput; text: string } {
  const { user, password, actAs, channel } = credentials
  const directives = readDirectives(challenge)
  const nonce = directives?.get('nonce')?.[0]
  const qop = directives?.get('qop')?.[0] ?? 'auth'
  if (!directives || nonce === undefined || !qop.split(/[\s,]+/).includes('auth'))
    throw new SaslError('the server sent a malformed challenge')
  const realm = credentials.realm ?? directives.get('realm')?.[0] ?? ''
  const cnonce = credentials.random(24).toString('base64')
  const plain = new Mechanism({ genNonce: () => cnonce }).challenge(`nonce="${nonce}",charset=utf-8`)
  const inside = (text: string): string => quoted(text).slice(1, -1)
  const written = plain.response({
    username: inside(user),
    realm: inside(realm),
    password: '',
    host: channel.host,
    serviceType: channel.service,
  })
  const secret = digestSecret(user, realm, password)
  const uri = `${channel.service}/${channel.host}`
  const input = { secret, nonce, cnonce, nc: '00000001', uri, authzid: actAs }
  const right = written.replace(/response=[0-9a-f]{32}/, `response=${digestResponse('AUTHENTICATE', input)}`)
  return { input, text: actAs === undefined ? right : `${right},authzid=${quoted(actAs)}` }
}

function confirm(message: string, sent: DigestInput): Buffer {
  const claimed = readDirectives(message)?.get('rspauth')?.[0] ?? ''
  if (!sameBytes(Buffer.from(claimed), Buffer.from(digestResponse('', sent))))
    throw new SaslError('the server does not know the password: somebody else may be answering')
  return Buffer.alloc(0)
}
