/** ipurge: messages go that are older or larger than said. ipurge(8) */
import { lastOf } from '../config/getopt.js'
import { readDate } from '../mime/date.js'
import { envelopeOf } from '../mime/envelope.js'
import { scan } from '../mime/structure.js'
import { matchesPattern } from '../store/list-pattern.js'
import { isUserMailbox } from '../store/mailbox-name.js'
import type { MessageRecord } from '../store/message-record.js'
import { adminForm } from '../store/namespace.js'
import { flag, type Mailbox, type MailboxEntry, system, type Uid } from '../store/types.js'
import { RangeCollector } from '../store/uid-ranges.js'
import { EX_USAGE, type StoreTool, type ToolRun } from './store-tool.js'

/** Messages that one look at the store may go through. */
const slice = 500

export const ipurgeTool: StoreTool = {
  name: 'ipurge',
  letters: 'fxMXisonvd:b:k:m:',
  usage: `usage: ipurge [-f] [-s] [-C <alt_config>] [-x] [-X] [-i] [-o] [-n] [-M] [-v] {-d days | -b bytes|-k Kbytes|-m Mbytes}
	[mboxpattern1 ... [mboxpatternN]]
	there are no defaults and at least one of -d, -b, -k, -m
	must be specified
	if no mboxpattern is given ipurge works on all mailboxes
	 -x specifies an exact match for days or size
	 -f force also to delete mail below user.* and INBOX.*
	 -s skip over messages that are flagged.
	 -X use delivery time instead of date header for date matches.
	 -i invert match logic: -x means not equal, date is for newer, size is for smaller.
	 -M don't recurse mailboxes.
	 -o only purge messages that are deleted.
	 -n only print messages that would be deleted (dry run).
	 -v enable verbose output/logging.`,
  long: { '--dry-run': '-n' },
  async run(run) {
    const test = readTest(run)
    if (test === undefined) {
      run.error(`One of these must be specified -d, -b -k, -m\n${ipurgeTool.usage}`)
      return EX_USAGE
    }
    const entries = run.store.read((view) => [...view.list('')]).filter((entry) => isMeant(run, entry))
    for (const entry of entries) await purge(run, entry, test)
    return 0
  },
}

/** Without -f users' mail is left alone. Patterns are names as administrators see them; what is below a match is meant, too. */
function isMeant(run: ToolRun, { name }: MailboxEntry): boolean {
  if (isUserMailbox(name) && !run.has('f')) return false
  const patterns = run.flags.rest
  const shown = adminForm(name, run.options)
  const separator = run.options.unixhierarchysep ? '/' : '.'
  return (
    patterns.length === 0 ||
    patterns.some(
      (pattern) =>
        matchesPattern(shown, { pattern, separator }) ||
        (!run.has('M') && matchesPattern(shown, { pattern: `${pattern}${separator}*`, separator })),
    )
  )
}

/** Whether a message goes. */
type Test = (message: MessageRecord, sent: () => number) => boolean

/** Undefined: neither age nor size was given, or not as a number. */
function readTest({ flags, has }: ToolRun): Test | undefined {
  const number = (letter: string): number | undefined => {
    const text = lastOf(flags, letter)
    return text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : Number.NaN
  }
  const days = number('d')
  const sizes = [number('b'), number('k'), number('m')]
  const unit = sizes[2] !== undefined ? 1024 * 1024 : sizes[1] !== undefined ? 1024 : 1
  const size = sizes.find((one) => one !== undefined)
  if ((days ?? size) === undefined || [days, ...sizes].some((one) => Number.isNaN(one))) return undefined
  const now = Date.now() / 1000
  const inverted = has('i')
  const isOld = (came: number, wanted: number): boolean => {
    const age = (now - came) / 86_400
    return (has('x') ? Math.floor(age) === wanted : age >= wanted) !== inverted
  }
  const isLarge = (is: number, wanted: number): boolean =>
    (has('x') ? Math.floor(is / unit) === wanted : is > wanted * unit) !== inverted
  return (message, sent) => {
    if (has('s') && (message.flags & flag.flagged) !== 0) return false
    if (has('o') && (message.flags & flag.deleted) === 0) return false
    if (size !== undefined && !isLarge(message.size, size)) return false
    return days === undefined || isOld(has('X') ? message.internalDate : sent(), days)
  }
}

async function purge(run: ToolRun, { id, name }: MailboxEntry, test: Test): Promise<void> {
  const { store } = run
  run.out(`Working on ${adminForm(name, run.options)}...`)
  const total = { messages: 0, bytes: 0, deleted: 0, deletedBytes: 0 }
  for (let from = 1, more = true; more; ) {
    const mailbox = store.read((view) => view.mailbox(id))
    if (mailbox === undefined) return
    const messages = store.read((view) => firstOf(view.messages(id, [{ first: from as Uid, last: 0xffffffff as Uid }])))
    more = messages.length === slice
    from = (messages.at(-1)?.uid ?? 0) + 1
    const going = new RangeCollector()
    for (const message of messages) {
      total.messages++
      total.bytes += message.fileSize
      if (!test(message, () => sentOf(run, mailbox, message))) continue
      total.deleted++
      total.deletedBytes += message.fileSize
      going.add(message.uid)
      if (run.has('n')) describe(run, mailbox, message)
    }
    if (!going.empty && !run.has('n'))
      await store.change({ kind: 'expunge', as: system, mailbox: id, uids: going.ranges, onlyDeleted: false })
  }
  for (const line of summary(total)) run.out(line)
  if (total.deleted > 0 && !run.has('n')) run.log().event('messages.expunged', { mailbox: name, count: total.deleted })
}

function firstOf(messages: Iterable<MessageRecord>): MessageRecord[] {
  const first: MessageRecord[] = []
  for (const message of messages) if (first.push(message) === slice) break
  return first
}

/** When it was sent by its Date field, UTC seconds; when it came, where that says nothing. */
function sentOf({ store }: ToolRun, mailbox: Mailbox, message: MessageRecord): number {
  const view = store.readView(mailbox, message)
  return readDate(envelopeOf(view, scan(view).fields).date ?? '')?.time ?? message.internalDate
}

function describe({ store, out }: ToolRun, mailbox: Mailbox, message: MessageRecord): void {
  const view = store.readView(mailbox, message)
  const { subject, from, to } = envelopeOf(view, scan(view).fields)
  const date = (seconds: number) => new Date(seconds * 1000).toUTCString()
  const people = (list: typeof from) =>
    list.flatMap((one) => (one.host === undefined ? [] : [`<${one.mailbox ?? ''}@${one.host}>`])).join(', ')
  out(`UID: ${message.uid}\n\tSize: ${message.fileSize}\n\tRecv: ${date(message.internalDate)}`)
  out(`\tFrom: ${people(from)}\n\tTo  : ${people(to)}\n\tSubj: ${JSON.stringify(subject ?? '')}\n`)
}

function summary(total: { messages: number; bytes: number; deleted: number; deletedBytes: number }): string[] {
  return [
    `Total messages    \t\t ${total.messages}`,
    `Total bytes       \t\t ${total.bytes}`,
    `Deleted messages  \t\t ${total.deleted}`,
    `Deleted bytes     \t\t ${total.deletedBytes}`,
    `Remaining messages\t\t ${total.messages - total.deleted}`,
    `Remaining bytes   \t\t ${total.bytes - total.deletedBytes}`,
  ]
}
