// What one client calls a mailbox and what the server calls it: the only place that knows both forms.

import {
  componentsOf,
  domainOf,
  type ExternalName,
  type InternalName,
  inboxOfUser,
  joinName,
  readDomain,
  type UserNaming,
} from './mailbox-name.js'

/** The imapd.conf options that shape names, by their own names: the table of all options serves as it is. */
export type NamespaceOptions = UserNaming & {
  /** Personal folders beside INBOX instead of below it, and the two prefixes for all others. */
  readonly altnamespace: boolean
  /** "/" between components and "." allowed in them; otherwise "." between. */
  readonly unixhierarchysep: boolean
  /** "Other Users" */
  readonly userprefix: string
  /** "Shared Folders" */
  readonly sharedprefix: string
  /** "Alt Folders": below it are a user's folders whose names mean something else at the top, as `INBOX/INBOX`. */
  readonly altprefix: string
  /** Users see the mailboxes of other domains, with "@domain". */
  readonly crossdomains: boolean
}

/** Whose view of the names: administrators see `user.paul` where others see INBOX or "Other Users". */
export type Viewer = {
  /** The name as authenticated, `paul` or `paul@example.com`. */
  readonly user: string
  readonly admin: boolean
}

/** The prefixes that NAMESPACE tells, each with its separator at the end unless empty. RFC 2342 §5 */
export type NamespacePrefixes = { readonly personal: string; readonly others: string; readonly shared: string }

export type Namespace = {
  readonly separator: '.' | '/'
  readonly options: NamespaceOptions
  /** The name as the viewer sees it; undefined: the viewer cannot name it (a foreign domain, a clash with a prefix). */
  toExternal(name: InternalName, viewer: Viewer): ExternalName | undefined
  /** The mailbox that the viewer means; undefined: not a valid name, or in a foreign domain. */
  toInternal(text: string, viewer: Viewer): InternalName | undefined
  /** The user's INBOX; undefined when no mailbox can have that name. */
  inboxOfUser(user: string): InternalName | undefined
  prefixes(viewer: Viewer): NamespacePrefixes
}

/** Longest name that a client may send, octets, before it is looked at. */
const maxExternalLength = 1000

/**
 * The two views of every name under these options. For each name that has an external form,
 * `toInternal(toExternal(name))` is `name`; and a name accepted by `toInternal` has an external form.
 */
export function namespace(options: NamespaceOptions): Namespace {
  const separator = options.unixhierarchysep ? '/' : '.'
  return {
    separator,
    options,
    toExternal: (name, viewer) => toExternal(name, viewFor(options, viewer)),
    toInternal: (text, viewer) => toInternal(text, viewFor(options, viewer)),
    inboxOfUser: (user) => inboxOfUser(user, options),
    prefixes({ admin }) {
      if (admin || !options.altnamespace)
        return { personal: `INBOX${separator}`, others: `user${separator}`, shared: '' }
      const { userprefix, sharedprefix } = options
      return { personal: '', others: trimmed(userprefix) + separator, shared: trimmed(sharedprefix) + separator }
    },
  }
  function trimmed(prefix: string): string {
    return prefix.endsWith(separator) ? prefix.slice(0, -1) : prefix
  }
}

/** All that the two directions need to know about one viewer. */
type View = {
  readonly options: NamespaceOptions
  readonly separator: '.' | '/'
  readonly alternative: boolean
  /** The viewer's INBOX. */
  readonly inbox: InternalName | undefined
  /** The viewer's domain; undefined: the default domain. */
  readonly domain: string | undefined
  /** Whether "@domain" at the end of a name means something for this viewer. */
  readonly domains: 'none' | 'all' | 'own'
  readonly userprefix: string
  readonly sharedprefix: string
  readonly altprefix: string
}

function viewFor(options: NamespaceOptions, { user, admin }: Viewer): View {
  const separator = options.unixhierarchysep ? '/' : '.'
  const virtual = options.virtdomains !== 'off'
  const at = virtual ? user.lastIndexOf('@') : -1
  const domain = at < 0 ? undefined : normalDomain(user.slice(at + 1), options)
  const strip = (prefix: string) => (prefix.endsWith(separator) ? prefix.slice(0, -1) : prefix)
  return {
    options,
    separator,
    alternative: options.altnamespace && !admin,
    inbox: inboxOfUser(user, options),
    domain,
    domains: !virtual
      ? 'none'
      : (admin && domain === undefined) || options.crossdomains
        ? 'all'
        : admin
          ? 'own'
          : 'none',
    userprefix: strip(options.userprefix),
    sharedprefix: strip(options.sharedprefix),
    altprefix: strip(options.altprefix),
  }
}

/** The domain as names carry it: undefined for the default domain. */
function normalDomain(text: string, { defaultdomain }: NamespaceOptions): string | undefined {
  const domain = readDomain(text)
  return domain === defaultdomain?.toLowerCase() ? undefined : domain
}

function toInternal(text: string, view: View): InternalName | undefined {
  if (text.length === 0 || text.length > maxExternalLength) return undefined
  const split = splitDomain(text, view)
  if (split === undefined) return undefined
  const boxes = split.local.split(view.separator).filter((box) => box !== '')
  const components = (view.alternative ? alternativeBoxes : standardBoxes)(boxes, { ...view, domain: split.domain })
  return components && joinName(split.domain, components)
}

/** The name without "@domain", and the domain that it names or that the viewer is in. */
function splitDomain(text: string, view: View): { local: string; domain: string | undefined } | undefined {
  const at = view.domains === 'none' ? -1 : text.lastIndexOf('@')
  if (at < 0) return { local: text, domain: view.domain }
  if (readDomain(text.slice(at + 1)) === undefined) return undefined
  const domain = normalDomain(text.slice(at + 1), view.options)
  return view.domains === 'own' && domain !== view.domain ? undefined : { local: text.slice(0, at), domain }
}

/** altnamespace off, or an administrator: INBOX stands for the viewer's own tree, all else is as it is. */
function standardBoxes(boxes: readonly string[], view: View): string[] | undefined {
  const [first, ...rest] = boxes
  if (first?.toUpperCase() !== 'INBOX') return inward(boxes, view)
  const own = inward(rest, view)
  return view.inbox && own && [...componentsOf(view.inbox), ...own]
}

/** altnamespace on: the viewer's tree at the top, other users and shared folders below their prefixes. */
function alternativeBoxes(boxes: readonly string[], view: View): string[] | undefined {
  const [first = '', ...rest] = boxes
  if (boxes.length === 0) return undefined
  const below = inward(rest, view)
  if (below === undefined) return undefined
  if (first === view.userprefix) return ['user', ...below]
  if (first === view.sharedprefix) return rest.length === 0 || below[0] === 'user' ? undefined : below
  if (view.inbox === undefined) return undefined
  const own = componentsOf(view.inbox)
  if (first === view.altprefix) return below.length === 0 ? undefined : [...own, ...below]
  if (first.toUpperCase() !== 'INBOX') {
    const all = inward(boxes, view)
    return all && [...own, ...all]
  }
  if (rest.length === 0) return own
  return rest[0]?.toUpperCase() === 'INBOX' ? undefined : [...own, 'INBOX', ...below]
}

/** Boxes as a client writes them, as components; undefined where one has a character that has no internal form. */
function inward(boxes: readonly string[], { separator }: View): string[] | undefined {
  if (separator === '.') return [...boxes]
  return boxes.some((box) => box.includes('^')) ? undefined : boxes.map((box) => box.replaceAll('.', '^'))
}

function outward(components: readonly string[], { separator }: View): string {
  return (separator === '.' ? components : components.map((one) => one.replaceAll('^', '.'))).join(separator)
}

function toExternal(name: InternalName, view: View): ExternalName | undefined {
  const domain = domainOf(name)
  const local = localForm(name, view)
  if (local === undefined || (domain !== undefined && normalDomain(domain, view.options) === undefined))
    return undefined
  if (domain === view.domain && !(view.domains !== 'none' && local.includes('@'))) return local as ExternalName
  if (view.domains === 'none' || (view.domains === 'own' && domain !== view.domain)) return undefined
  const suffix = domain ?? view.options.defaultdomain
  return suffix === undefined ? undefined : (`${local}@${suffix}` as ExternalName)
}

/** The name without its domain, as the viewer sees it. */
function localForm(name: InternalName, view: View): string | undefined {
  const components = componentsOf(name)
  const own = view.inbox !== undefined && (name === view.inbox || name.startsWith(`${view.inbox}.`))
  const { separator } = view
  if (!view.alternative) {
    if (!own) return components[0]?.toUpperCase() === 'INBOX' ? undefined : outward(components, view)
    return components.length === 2 ? 'INBOX' : `INBOX${separator}${outward(components.slice(2), view)}`
  }
  if (own) return ownForm(components.slice(2), view) ?? view.altprefix + separator + outward(components.slice(2), view)
  if (components[0] === 'user') return view.userprefix + separator + outward(components.slice(1), view)
  return view.sharedprefix + separator + outward(components, view)
}

/** One of the viewer's own folders under altnamespace; undefined where its name would mean something else. */
function ownForm(components: readonly string[], view: View): string | undefined {
  const [first, second] = components
  if (first === undefined) return 'INBOX'
  const outer = outward(components, view)
  if (first.toUpperCase() === 'INBOX')
    return first !== 'INBOX' || second === undefined || second.toUpperCase() === 'INBOX' ? undefined : outer
  const head = outward([first], view)
  return [view.userprefix, view.sharedprefix, view.altprefix].includes(head) ? undefined : outer
}

/** The name as an administrator reads it in logs and tools: `user/paul/Sent@example.com`. */
export function adminForm(name: InternalName, options: NamespaceOptions): string {
  const separator = options.unixhierarchysep ? '/' : '.'
  const components = componentsOf(name)
  const local = (separator === '/' ? components.map((one) => one.replaceAll('^', '.')) : components).join(separator)
  const domain = domainOf(name)
  return domain === undefined ? local : `${local}@${domain}`
}

/** The mailbox that an administrator names on a command line: as `toInternal` for one of `admins` without a domain. */
export function readAdminName(text: string, options: NamespaceOptions): InternalName | undefined {
  return toInternal(text, { ...viewFor(options, { user: '', admin: true }), inbox: undefined })
}
