/** The text of SCRAM's messages. RFC 5802 §7 */

export interface ClientFirst {
  /** `n,,` or `p=tls-exporter,a=admin,`: as sent, it comes back in the client's last message. */
  readonly header: string
  readonly binding: { readonly kind: 'none' | 'unused' } | { readonly kind: 'used'; readonly type: string }
  readonly actAs: string
  readonly user: string
  readonly nonce: string
  /** Without the header: the beginning of the AuthMessage. */
  readonly bare: string
}

const FIRST = /^((?:([ny])|p=([A-Za-z0-9.-]+)),(?:a=([^,]+))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s

/** Undefined when it is none. A mandatory extension (`m=`) we do not know is none either. RFC 5802 §5.1 */
export function readClientFirst(text: string): ClientFirst | undefined {
  const match = FIRST.exec(text)
  if (!match) return undefined
  const [, header = '', flag, type, rawActAs = '', bare = '', rawUser = '', nonce = ''] = match
  const [actAs, user] = [readName(rawActAs), readName(rawUser)]
  if (actAs === undefined || user === undefined) return undefined
  const binding = type
    ? { kind: 'used' as const, type }
    : { kind: flag === 'y' ? ('unused' as const) : ('none' as const) }
  return { header, binding, actAs, user, nonce, bare }
}

export interface ClientFinal {
  /** base64, decoded: the header again, and the channel binding. */
  readonly binding: Buffer
  readonly nonce: string
  readonly proof: Buffer
  /** The message up to the proof: the end of the AuthMessage. */
  readonly withoutProof: string
}

const FINAL = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/s

export function readClientFinal(text: string): ClientFinal | undefined {
  const match = FINAL.exec(text)
  if (!match) return undefined
  const [, withoutProof = '', binding = '', nonce = '', proof = ''] = match
  return { binding: Buffer.from(binding, 'base64'), nonce, proof: Buffer.from(proof, 'base64'), withoutProof }
}

export interface ServerFirst {
  readonly nonce: string
  readonly salt: Buffer
  readonly iterations: number
}

const SERVER_FIRST = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/=]+),i=([1-9][0-9]{0,7})(?:,.*)?$/s

export function readServerFirst(text: string): ServerFirst | undefined {
  const match = SERVER_FIRST.exec(text)
  if (!match) return undefined
  return { nonce: match[1] ?? '', salt: Buffer.from(match[2] ?? '', 'base64'), iterations: Number(match[3]) }
}

export function writeServerFirst({ nonce, salt, iterations }: ServerFirst): string {
  return `r=${nonce},s=${salt.toString('base64')},i=${iterations}`
}

/** saslname: "=" and "," are written =3D and =2C. */
export function writeName(name: string): string {
  return name.replace(/=/g, '=3D').replace(/,/g, '=2C')
}

function readName(text: string): string | undefined {
  if (text.includes('\0') || /=(?!2C|3D)/.test(text)) return undefined
  return text.replace(/=2C/g, ',').replace(/=3D/g, '=')
}
