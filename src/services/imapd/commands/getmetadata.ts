/** GETMETADATA. RFC 5464 §4.2 */
import type { Mailbox } from '../../../store/types.js'
import type { View } from '../../../store/view.js'
import { type GetMetadataArguments, readGetMetadata } from '../../../syntax/imap/metadata.js'
import { writeNstring } from '../../../syntax/imap/string.js'
import { type AnnotationRule, mailboxAnnotations, type Scope, serverAnnotations } from '../annotations.js'
import type { Answers } from '../answers.js'
import { command } from '../command.js'
import { mailboxWith, wireName } from '../names.js'
import type { SessionIn } from '../session-context.js'

export const getmetadata = command({
  name: 'GETMETADATA',
  state: 'authenticated',
  args: (input, client) => readGetMetadata(input, client.nameForm),
  run,
})

interface Entry {
  readonly entry: string
  readonly value: Buffer | undefined
}

async function* run(session: SessionIn<'authenticated'>, args: GetMetadataArguments): Answers {
  const { server } = session
  const needed = session.user.admin ? 'l' : 'lr'
  const { name, entries } = server.store.read((view) => {
    const mailbox = args.mailbox === '' ? undefined : mailboxWith(view, session, args.mailbox, needed)
    const name = mailbox === undefined ? '""' : wireName(session, mailbox.name)
    return { name, entries: valuesOf(view, session, mailbox, args) }
  })
  const { maxSize } = args
  const small = entries.filter(({ value }) => maxSize === undefined || (value?.length ?? 0) <= maxSize)
  const longest = Math.max(0, ...entries.map(({ value }) => value?.length ?? 0))
  if (small.length > 0) {
    const list = small.map(({ entry, value }) => `"${entry}" ${writeNstring(value?.toString('latin1'))}`)
    yield `* METADATA ${name} (${list.join(' ')})`
  }
  if (small.length < entries.length) return { code: `METADATA LONGENTRIES ${longest}` }
}

/** Each entry once; with a wild card or a depth those that exist, otherwise also NIL for what has no value. */
function valuesOf(
  view: View,
  session: SessionIn<'authenticated'>,
  mailbox: Mailbox | undefined,
  { entries, depth }: GetMetadataArguments,
): Entry[] {
  const found = new Map<string, Entry>()
  for (const asked of entries) {
    const wanted = wantedBy(asked, depth)
    for (const rule of mailbox === undefined ? serverAnnotations : mailboxAnnotations) {
      for (const scope of rule.scopes) {
        const entry = `/${scope}${rule.name}`
        if (wanted(entry)) found.set(entry, { entry, value: readValue(view, session, mailbox, { rule, scope }) })
      }
    }
    if (!/[*%]/.test(asked) && depth === 0 && !found.has(asked)) found.set(asked, { entry: asked, value: undefined })
  }
  return [...found.values()]
}

function readValue(
  view: View,
  { user, client }: SessionIn<'authenticated'>,
  mailbox: Mailbox | undefined,
  { rule, scope }: { readonly rule: AnnotationRule; readonly scope: Scope },
): Buffer | undefined {
  if (rule.of !== undefined && mailbox !== undefined) {
    const text = rule.of(mailbox)
    return text === undefined ? undefined : Buffer.from(text)
  }
  if (rule.notice !== undefined) {
    const text = client.door[rule.notice]
    return text === undefined ? undefined : Buffer.from(text)
  }
  return view.annotation(mailbox?.id, rule.name, scope === 'private' ? user.user : undefined)
}

/** RFC 5464 §4.2.2, and the wild cards of old clients: "*" anything, "%" anything but "/". */
function wantedBy(asked: string, depth: GetMetadataArguments['depth']): (entry: string) => boolean {
  const source = asked
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', '[^/]*')
  const below = depth === 0 ? '' : depth === 1 ? '(?:/[^/]*)?' : '(?:/.*)?'
  const pattern = new RegExp(`^${source}${below}$`)
  return (entry) => pattern.test(entry)
}
