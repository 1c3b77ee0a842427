// Envelope addresses: reverse-path and forward-path of RFC 5321 §4.1.2, with the recipients without domain of LMTP.

import { badParameters } from './bad.js'

/** An address as the envelope means it: quotes and backslashes are gone, a source route is ignored. */
export type Mailbox = {
  /** `paul+Sent`; never empty. UTF-8 as sent. */
  readonly local: string
  /** As sent; undefined where the address has none. */
  readonly domain: string | undefined
}

/** Longest path, octets. RFC 5321 §4.5.3.1.3 wants 256; folder names after "+" may need more. */
const maxPathLength = 1024

/** What stands between "<" and ">" and where it ends. */
export type ReadPath = { readonly path: string; readonly end: number }

/** `<…>` at `start`. @throws Bad */
export function readPath(line: string, start: number): ReadPath {
  if (line.charCodeAt(start) !== 0x3c) throw badParameters()
  let quoted = false
  for (let i = start + 1; i < line.length; i++) {
    const c = line.charCodeAt(i)
    if (c === 0x5c && quoted) i++
    else if (c === 0x22) quoted = !quoted
    else if (c === 0x3e && !quoted) return bounded(line.slice(start + 1, i), i + 1)
    else if ((c <= 0x20 && !(c === 0x20 && quoted)) || c === 0x7f || (c === 0x3c && !quoted)) throw badParameters()
  }
  throw badParameters()
}

function bounded(path: string, end: number): ReadPath {
  if (path.length > maxPathLength) throw badParameters('Path too long')
  return { path, end }
}

/** The mailbox that a path names; undefined for the empty one. @throws Bad */
export function readMailbox(path: string): Mailbox | undefined {
  if (path === '') return undefined
  const start = path.charCodeAt(0) === 0x40 ? path.indexOf(':') + 1 : 0 // A-d-l ":", to be ignored: RFC 5321 §4.1.2
  if (start === 0 && path.startsWith('@')) throw badParameters()
  if (path.charCodeAt(start) !== 0x22) return unquoted(path.slice(start))
  let local = ''
  for (let i = start + 1; i < path.length; i++) {
    const c = path.charAt(i)
    if (c === '\\') local += path.charAt(++i)
    else if (c !== '"') local += c
    else return joined(local, path.slice(i + 1))
  }
  throw badParameters()
}

function unquoted(address: string): Mailbox {
  const at = address.lastIndexOf('@')
  if (address.includes('"') || address.includes('\\')) throw badParameters()
  return at < 0 ? joined(address, '') : joined(address.slice(0, at), address.slice(at))
}

function joined(local: string, rest: string): Mailbox {
  if (local === '') throw badParameters()
  if (rest === '') return { local, domain: undefined }
  if (rest.length < 2 || !rest.startsWith('@') || rest.includes('"')) throw badParameters()
  return { local, domain: rest.slice(1) }
}

/** xtext, as AUTH=, ENVID= and ORCPT= carry it. RFC 3461 §4 @throws Bad */
export function readXtext(text: string): string {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    if (text.charAt(i) !== '+') {
      out += text.charAt(i)
      continue
    }
    const hex = text.slice(i + 1, i + 3)
    if (!/^[0-9A-F]{2}$/.test(hex)) throw badParameters()
    out += String.fromCharCode(Number.parseInt(hex, 16))
    i += 2
  }
  return out
}
