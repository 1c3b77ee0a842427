// The short names of annotations, and how a list of annotations is shown. RFC 5464 §6

const CYRUS = '/vendor/cmu/cyrus-imapd/'

/** Attributes that Cyrus keeps under its vendor's name. */
const cyrusAttributes = ['expire', 'news2mail', 'pop3showafter', 'sharedseen', 'sieve', 'squat', 'shutdown']

/** A short name or an explicit annotation as the entry of SETMETADATA; undefined: no such attribute. */
export function entryOf(
  attribute: string,
  { scope, known }: { scope: 'shared' | 'private'; known: readonly string[] },
): string | undefined {
  if (/^\/(shared|private)\//.test(attribute)) return attribute
  if (attribute.startsWith('/')) return `/${scope}${attribute}`
  if (!known.includes(attribute)) return undefined
  if (attribute === 'specialuse') return '/private/specialuse'
  return `/${scope}${cyrusAttributes.includes(attribute) ? CYRUS : '/'}${attribute}`
}

/** The entries of one mailbox (or of the server) as lines, private before shared, each sorted. */
export function annotationLines(title: string, entries: ReadonlyMap<string, string | undefined>): string[] {
  const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  const section = (scope: string): string[] => {
    const here = sorted.filter(([entry]) => entry.startsWith(`/${scope}/`))
    const lines = here.map(([entry, value], index) => `    ${shortName(entry, scope)}: ${value ?? nil(index)}`)
    return lines.length > 0 ? [`  ${scope}:`, ...lines] : []
  }
  return [title, ...section('private'), ...section('shared')]
}

/** As Cyrus's shell writes it: a space after each NIL but the first of a section. */
const nil = (index: number): string => (index === 0 ? 'NIL' : 'NIL ')

/** The last word of what Cyrus defines; others in full. */
function shortName(entry: string, scope: string): string {
  const name = entry.slice(scope.length + 1)
  return name.startsWith(CYRUS) ? (name.split('/').at(-1) ?? '') : name.slice(1)
}
