/** UIDL: the unique id of a message, in the forms that migrated clients remember. imapd.conf `uidl_format`, RFC 1939 §7 */

export type UidlFormat = 'uidonly' | 'cyrus' | 'dovecot' | 'courier'

export function uniqueId(format: UidlFormat, { uid, uidValidity }: { uid: number; uidValidity: number }): string {
  if (format === 'uidonly') return String(uid)
  if (format === 'dovecot') return hex(uid) + hex(uidValidity)
  return format === 'courier' ? `${uidValidity}-${uid}` : `${uidValidity}.${uid}`
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}
