// From an envelope address to a user and a folder: domains, case, and what follows "+".

/** The imapd.conf options that decide how a recipient is read. */
export type AddressOptions = {
  readonly virtdomains: 'off' | 'userid' | 'on'
  readonly defaultdomain: string
  readonly lmtp_downcase_rcpt: boolean
  readonly postuser: string
}

/** Who is meant by a recipient. */
export type Addressee =
  | {
      readonly kind: 'user'
      /** As log-ins write it: `paul`, or `paul@example.com` with virtual domains. */
      readonly user: string
      /** What follows "+", as sent; undefined or not empty. */
      readonly detail: string | undefined
    }
  /** `+shared.folder` or `postuser+shared.folder`. */
  | { readonly kind: 'shared'; readonly folder: string; readonly domain: string | undefined }

/** Reads a recipient. Without virtual domains the domain says nothing: the MTA has looked at it. */
export function addressee(mailbox: { local: string; domain: string | undefined }, options: AddressOptions): Addressee {
  const plus = mailbox.local.indexOf('+')
  const name = plus < 0 ? mailbox.local : mailbox.local.slice(0, plus)
  const detail = plus < 0 || plus === mailbox.local.length - 1 ? undefined : mailbox.local.slice(plus + 1)
  const local = options.lmtp_downcase_rcpt ? name.toLowerCase() : name
  const domain = virtualDomain(mailbox.domain, options)
  if (local === options.postuser.toLowerCase() && detail !== undefined)
    return { kind: 'shared', folder: detail, domain }
  return { kind: 'user', user: domain === undefined ? local : `${local}@${domain}`, detail }
}

function virtualDomain(domain: string | undefined, { virtdomains, defaultdomain }: AddressOptions): string | undefined {
  if (virtdomains === 'off' || domain === undefined || domain.startsWith('[')) return undefined
  const lower = domain.toLowerCase()
  return lower === defaultdomain.toLowerCase() ? undefined : lower
}
