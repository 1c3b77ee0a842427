/** Which annotations there are, where each is kept, and who may set it. RFC 5464; names and meanings as Cyrus's. */
import type { Mailbox } from '../../store/types.js'

const vendor = '/vendor/cmu/cyrus-imapd'

export type Scope = 'private' | 'shared'

export interface AnnotationRule {
  /** Without `/private` or `/shared`: how the store names it. */
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Read from the mailbox's record instead of from the annotations; undefined value: NIL. */
  readonly of?: (mailbox: Mailbox) => string | undefined
  /** What `of` values of a settable one may be; undefined with `of`: read-only. */
  readonly set?: 'sharedSeen' | 'pop3ShowAfter' | 'specialUse'
  /** Kept as a file of msg/, which every service reads. */
  readonly notice?: 'motd' | 'shutdown'
}

const both: readonly Scope[] = ['private', 'shared']
const shared: readonly Scope[] = ['shared']
const plain = (name: string, scopes: readonly Scope[]): AnnotationRule => ({ name, scopes })

/** Annotations of mailboxes. RFC 5464 §6.2.1 and cyradm(8) */
export const mailboxAnnotations: readonly AnnotationRule[] = [
  plain('/comment', both),
  plain('/check', both),
  plain('/checkperiod', both),
  plain('/sort', both),
  plain('/thread', both),
  {
    name: '/specialuse',
    scopes: ['private'],
    of: ({ specialUse }) => (specialUse.length === 0 ? undefined : specialUse.join(' ')),
    set: 'specialUse',
  },
  plain(`${vendor}/archive`, both),
  plain(`${vendor}/delete`, both),
  plain(`${vendor}/expire`, both),
  plain(`${vendor}/news2mail`, both),
  plain(`${vendor}/sieve`, both),
  plain(`${vendor}/sortorder`, both),
  plain(`${vendor}/squat`, both),
  { name: `${vendor}/foldermodseq`, scopes: shared, of: ({ createdModSeq }) => String(createdModSeq) },
  { name: `${vendor}/lastpop`, scopes: shared, of: ({ lastPop3 }) => timeText(lastPop3) },
  {
    name: `${vendor}/lastupdate`,
    scopes: shared,
    of: ({ lastAppend, createdAt }) => timeText(lastAppend || createdAt),
  },
  { name: `${vendor}/partition`, scopes: shared, of: ({ partition }) => partition },
  {
    name: `${vendor}/pop3showafter`,
    scopes: shared,
    of: ({ pop3ShowAfter }) => timeText(pop3ShowAfter),
    set: 'pop3ShowAfter',
  },
  { name: `${vendor}/sharedseen`, scopes: shared, of: ({ sharedSeen }) => String(sharedSeen), set: 'sharedSeen' },
  { name: `${vendor}/size`, scopes: shared, of: ({ octets }) => String(octets) },
  { name: `${vendor}/uniqueid`, scopes: shared, of: ({ uniqueId }) => uniqueId },
]

/** Annotations of the server. RFC 5464 §6.2.2 */
export const serverAnnotations: readonly AnnotationRule[] = [
  plain('/admin', shared),
  plain('/comment', both),
  { name: '/motd', scopes: shared, notice: 'motd' },
  plain(`${vendor}/expire`, both),
  { name: `${vendor}/shutdown`, scopes: shared, notice: 'shutdown' },
  plain(`${vendor}/squat`, both),
]

/** `21-Nov-2026 08:40:24 +0000`; undefined for never. */
function timeText(seconds: number): string | undefined {
  if (seconds === 0) return undefined
  const [, day, month, year, clock] = /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(seconds * 1000).toUTCString()) ?? []
  return `${day}-${month}-${year} ${clock} +0000`
}

/** `/private/comment` as its scope and the store's name. */
export function splitEntry(entry: string): { readonly scope: Scope; readonly name: string } {
  const scope = entry.startsWith('/private') ? 'private' : 'shared'
  return { scope, name: entry.slice(scope.length + 1) }
}
