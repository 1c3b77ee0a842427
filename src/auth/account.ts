/** User names as clients write them, made canonical; names that cannot be anybody's are refused before anything is looked up. */

export interface NameRules {
  readonly toLower: boolean
  readonly virtdomains: 'off' | 'userid' | 'on'
  readonly defaultDomain: string
  /** The realm of users without one: the server's own name. */
  readonly realm: string
  /** Realms whose users may sign in although there are no virtual domains. */
  readonly loginRealms: readonly string[]
}

/** Where an account may be found. */
export interface Account {
  /** Canonical user name: what mailboxes, ACLs and logs say. */
  readonly id: string
  /** The part before `@`. */
  readonly local: string
  /** What the client wrote behind `@`, '' when nothing: for saslauthd. */
  readonly domain: string
  /** Realms in which our sasldb is asked, in order. */
  readonly realms: readonly string[]
}

/** Octets of UTF-8. */
export const longestUser = 255

/** Undefined when it can be nobody's name. */
export function account(raw: string, rules: NameRules): Account | undefined {
  if (!isPossible(raw)) return undefined
  const at = raw.lastIndexOf('@')
  const written = at < 0 ? raw : raw.slice(0, at)
  const local = rules.toLower ? written.toLowerCase() : written
  const domain = at < 0 ? '' : raw.slice(at + 1).toLowerCase()
  if (local === '' || local.includes('@') || (at >= 0 && domain === '')) return undefined
  const [home, ours] = [rules.defaultDomain.toLowerCase(), rules.realm.toLowerCase()]
  if (domain === '') return { id: local, local, domain, realms: distinct([ours, home]) }
  if (domain === home) return { id: local, local, domain, realms: distinct([home, ours]) }
  if (rules.virtdomains !== 'off') return { id: `${local}@${domain}`, local, domain, realms: [domain] }
  if (domain === ours) return { id: local, local, domain, realms: distinct([ours, home]) }
  const allowed = rules.loginRealms.some((realm) => realm.toLowerCase() === domain)
  return allowed ? { id: `${local}@${domain}`, local, domain, realms: [domain] } : undefined
}

/** Names that mean something else in ACLs and mailbox names, or are tricks. */
const FORBIDDEN = /[\x00-\x1f\x7f/\\*%!"]|\.\.|^[-.&]|^anyone$|^anonymous$|^group:/i

function isPossible(raw: string): boolean {
  return raw !== '' && Buffer.byteLength(raw) <= longestUser && !FORBIDDEN.test(raw) && !raw.includes('\ufffd')
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
