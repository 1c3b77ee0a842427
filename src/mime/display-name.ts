/** How an address is shown in a list, and what SORT by it compares. RFC 5957 §3, RFC 5256 §3 */
import type { Address } from './address.js'
import { decodeText } from './encoded-word.js'

/** The decoded display name; without one, mailbox@host. RFC 5957 §3 */
export function displayName({ name, mailbox, host }: Address): string {
  const decoded = name === undefined ? '' : decodeText(name)
  if (decoded !== '') return decoded
  return host === undefined ? decodeText(mailbox ?? '') : `${mailbox ?? ''}@${host}`
}

/** The first address that is no group marker. */
export function firstAddress(list: readonly Address[]): Address | undefined {
  return list.find(({ host }) => host !== undefined)
}
