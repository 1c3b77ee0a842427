/** EXTERNAL: the client's TLS certificate says who it is. RFC 4422 §A */
import { type ClientMechanism, failed, type ServerMechanism, type Step, utf8 } from '../sasl.js'

export const externalServer: ServerMechanism = {
  name: 'EXTERNAL',
  plaintext: false,
  usable: ({ clientName }) => clientName !== undefined,
  start: ({ channel }) => ({
    async step(message): Promise<Step> {
      if (message === undefined) return { kind: 'challenge', data: Buffer.alloc(0) }
      const actAs = utf8(message)
      if (actAs === undefined || actAs.includes('\0')) return failed('malformed message')
      if (channel.clientName === undefined) return failed('no client certificate that a known authority signed')
      return { kind: 'proven', user: channel.clientName, actAs }
    },
  }),
}

export const externalClient: ClientMechanism = {
  name: 'EXTERNAL',
  clientFirst: true,
  plaintext: false,
  start: ({ actAs = '' }) => ({ step: () => Buffer.from(actAs) }),
}
