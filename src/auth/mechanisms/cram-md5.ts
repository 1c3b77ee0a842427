/** CRAM-MD5: an HMAC of the server's challenge under the password. RFC 2195 §2 */
import { createHmac } from 'node:crypto'
import { sameBytes } from '../same-bytes.js'
import { type ClientMechanism, failed, type ServerMechanism, type Step, utf8 } from '../sasl.js'

export const cramMd5Server: ServerMechanism = {
  name: 'CRAM-MD5',
  plaintext: false,
  usable: () => true,
  start: ({ secrets, random, channel }) => {
    const challenge = `<${random(8).readBigUInt64BE()}.${random(4).readUInt32BE()}@${channel.host}>`
    let sent = false
    return {
      async step(message): Promise<Step> {
        if (!sent) {
          sent = true
          // RFC 2195 §2: the server speaks first; an initial response is nobody's answer to a challenge.
          if (message !== undefined && message.length > 0) return failed('unexpected initial response')
          return { kind: 'challenge', data: Buffer.from(challenge) }
        }
        const text = utf8(message ?? Buffer.alloc(0)) ?? ''
        const space = text.lastIndexOf(' ')
        const user = text.slice(0, Math.max(0, space))
        if (user === '') return failed('malformed message')
        const password = await secrets.plain(user)
        const right = cramMd5Digest(password ?? random(16).toString('hex'), challenge)
        const same = sameBytes(Buffer.from(text.slice(space + 1)), Buffer.from(right))
        if (!same || password === undefined) return failed('wrong password or unknown user', user)
        return { kind: 'proven', user, actAs: '' }
      },
    }
  },
}

export const cramMd5Client: ClientMechanism = {
  name: 'CRAM-MD5',
  clientFirst: false,
  plaintext: false,
  start: ({ user, password }) => ({
    step: (message) => message && Buffer.from(`${user} ${cramMd5Digest(password, message.toString('latin1'))}`),
  }),
}

/** 32 lower-case hexadecimal digits. */
export function cramMd5Digest(password: string, challenge: string): string {
  return createHmac('md5', Buffer.from(password)).update(challenge, 'latin1').digest('hex')
}
