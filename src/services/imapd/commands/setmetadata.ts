/** SETMETADATA. RFC 5464 §4.3 */
import type { Mailbox, MailboxId } from '../../../store/types.js'
import { type EntryValue, readSetMetadata } from '../../../syntax/imap/metadata.js'
import { type AnnotationRule, mailboxAnnotations, serverAnnotations, splitEntry } from '../annotations.js'
import { No } from '../answers.js'
import { command } from '../command.js'
import { refusal } from '../errors.js'
import { mailboxWith } from '../names.js'
import type { SessionIn } from '../session-context.js'
import { readUses } from '../special-use.js'

/** Octets of one value. */
const LONGEST_VALUE = 65536

export const setmetadata = command({
  name: 'SETMETADATA',
  state: 'authenticated',
  args: (input, client) => readSetMetadata(input, client.nameForm),
  async run(session, { mailbox: name, values }) {
    const mailbox = name === '' ? undefined : session.server.store.read((view) => mailboxWith(view, session, name, 'l'))
    // All are looked at before the first is set.
    const wanted = values.map((value) => ({ ...value, rule: ruleOf(value, mailbox) }))
    for (const { entry, value, rule } of wanted) await set(session, mailbox, { entry, value, rule })
  },
})

/** @throws No for entries that nobody may set. RFC 5464 §5.3 */
function ruleOf({ entry, value }: EntryValue, mailbox: Mailbox | undefined): AnnotationRule {
  const { scope, name } = splitEntry(entry)
  const rules = mailbox === undefined ? serverAnnotations : mailboxAnnotations
  const rule = rules.find((each) => each.name === name && each.scopes.includes(scope))
  if (rule === undefined || (rule.of !== undefined && rule.set === undefined)) throw refusal('notPermitted')
  if ((value?.length ?? 0) > LONGEST_VALUE) throw new No('Value too long', `METADATA MAXSIZE ${LONGEST_VALUE}`)
  return rule
}

interface Setting extends EntryValue {
  readonly rule: AnnotationRule
}

async function set(
  { server, client, user }: SessionIn<'authenticated'>,
  mailbox: Mailbox | undefined,
  { entry, value, rule }: Setting,
): Promise<void> {
  const { store } = server
  if (rule.notice !== undefined) {
    if (!user.admin) throw refusal('notPermitted')
    client.door.setNotice(rule.notice, value?.toString('utf8'))
    return
  }
  if (rule.set !== undefined && mailbox !== undefined) {
    await store.change(optionChange(rule.set, { mailbox: mailbox.id, as: user, text: value?.toString('utf8') ?? '' }))
    return
  }
  await store.change({
    kind: 'setAnnotation',
    as: user,
    mailbox: mailbox?.id,
    entry: rule.name,
    user: splitEntry(entry).scope === 'private' ? user.user : undefined,
    value: value ?? undefined,
  })
}

interface About {
  readonly mailbox: MailboxId
  readonly as: SessionIn<'authenticated'>['user']
  /** Empty: removed. */
  readonly text: string
}

/** Annotations that are part of the mailbox's record. @throws No for values that mean nothing */
function optionChange(option: NonNullable<AnnotationRule['set']>, { mailbox, as, text }: About) {
  if (option === 'specialUse') {
    return { kind: 'setSpecialUse', as, mailbox, specialUse: text === '' ? [] : readUses(text) } as const
  }
  if (option === 'sharedSeen') {
    return { kind: 'setOptions', as, mailbox, sharedSeen: /^(true|1|yes|on|t)$/i.test(text) } as const
  }
  const time = text === '' ? 0 : Date.parse(text.replace(/^(\d+)-(\w+)-(\d+)/, '$1 $2 $3'))
  if (Number.isNaN(time)) throw new No('Not a date', 'CANNOT')
  return { kind: 'setOptions', as, mailbox, pop3ShowAfter: Math.floor(time / 1000) } as const
}
