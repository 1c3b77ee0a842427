/** DIGEST-MD5, the server's side, qop=auth only; historic (RFC 6331), off unless listed. RFC 2831 */
import { sameBytes } from '../same-bytes.js'
import { failed, type ServerContext, type ServerMechanism, type Step, utf8 } from '../sasl.js'
import { quoted, readDirectives } from './digest-md5-directives.js'
import { digestResponse } from './digest-md5-response.js'

export const digestMd5Server: ServerMechanism = {
  name: 'DIGEST-MD5',
  plaintext: false,
  usable: () => true,
  start: (context) => {
    const nonce = context.random(24).toString('base64')
    let asked = false
    return {
      async step(message): Promise<Step> {
        if (asked) return check(context, { nonce, text: utf8(message ?? Buffer.alloc(0)) ?? '' })
        asked = true
        // An initial response would be subsequent authentication, §2.2: no nonce is kept here.
        if (message !== undefined && message.length > 0) return failed('unexpected initial response')
        return { kind: 'challenge', data: Buffer.from(challenge(context, nonce)) }
      },
    }
  },
}

function challenge({ realm }: ServerContext, nonce: string): string {
  return `nonce=${quoted(nonce)},realm=${quoted(realm)},qop="auth",charset=utf-8,algorithm=md5-sess`
}

/** Directives a client sends once; one of these twice is no right message. §2.1.2 */
const ONCE = ['username', 'realm', 'nonce', 'cnonce', 'nc', 'qop', 'digest-uri', 'response', 'charset', 'authzid']

async function check(context: ServerContext, { nonce, text }: { nonce: string; text: string }): Promise<Step> {
  const all = readDirectives(text)
  if (!all || ONCE.some((name) => (all.get(name)?.length ?? 0) > 1)) return failed('malformed message')
  const one = (name: string): string => all.get(name)?.[0] ?? ''
  const [user, realm, cnonce, uri] = [one('username'), one('realm'), one('cnonce'), one('digest-uri')]
  if (user === '' || cnonce === '' || user.includes('\0')) return failed('malformed message')
  if (one('nonce') !== nonce || one('nc') !== '00000001') return failed('wrong nonce or count', user)
  if (all.has('qop') && one('qop') !== 'auth') return failed('unsupported quality of protection', user)
  if (!rightUri(uri, context)) return failed('the response is for another service', user)
  const name = realm === '' || realm === context.realm || user.includes('@') ? user : `${user}@${realm}`
  const secret = await context.secrets.digestMd5(name, { user, realm })
  const authzid = all.get('authzid')?.[0]
  const input = { secret: secret ?? context.random(16), nonce, cnonce, nc: '00000001', uri, authzid }
  const right = digestResponse('AUTHENTICATE', input)
  if (!sameBytes(Buffer.from(one('response')), Buffer.from(right)) || !secret)
    return failed('wrong password or unknown user', user)
  const data = Buffer.from(`rspauth=${digestResponse('', input)}`)
  return { kind: 'proven', user: name, actAs: authzid ?? '', data }
}

/** `imap/mail.example.com`, and a service name after it for replicated services. The host may be an alias of ours. §2.1.2 */
function rightUri(uri: string, { channel }: ServerContext): boolean {
  const [service = '', host = ''] = uri.split('/')
  return service.toLowerCase() === channel.service && host !== ''
}
