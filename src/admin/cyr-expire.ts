/** cyr_expire: old messages, expunged messages, deleted mailboxes and delivery records go for good. cyr_expire(8) */
import { type Flags, lastOf } from '../config/getopt.js'
import {
  ancestors,
  type InternalName,
  inboxOf,
  inboxOfUser,
  isDeleted,
  readDeletedName,
} from '../store/mailbox-name.js'
import { type MailboxEntry, system, type Uid } from '../store/types.js'
import { RangeCollector } from '../store/uid-ranges.js'
import type { View } from '../store/view.js'
import { readMailboxArgument } from './mailbox-argument.js'
import { EX_DATAERR, EX_USAGE, type StoreTool, type ToolRun } from './store-tool.js'

const annotationOf = (what: 'expire' | 'delete'): string => `/vendor/cmu/cyrus-imapd/${what}`
/** Messages that one look at the store may go through. */
const slice = 1000

export const cyrExpireTool: StoreTool = {
  name: 'cyr_expire',
  letters: 'A:D:E:X:p:u:tvacxh',
  usage: `Usage: cyr_expire [OPTIONS] {mailbox|users}
Expire messages and duplicate delivery database entries.

-a                       skip annotation lookup
-c                       do not expire conversations
-h                       print this help and exit
-p <mailbox-prefix>      specify prefix for mailboxes
-t                       remove user flags which are not used
-u <user-id>             specify user id for mailbox lookup
-v                       enable verbose output
-x                       do not expunge messages
-C <config-file>         use <config-file> instead of config from imapd.conf
-A <archive-duration>
-D <delete-duration>
-E <expire-duration>
-X <expunge-duration>`,
  async run(run) {
    const plan = readPlan(run)
    if (typeof plan === 'number') return plan
    const verbose = (text: string) => (run.has('v') ? run.error(`${text}\n`) : undefined)
    await messages(run, plan, verbose)
    if (plan.deleted !== undefined) await deletedMailboxes(run, { ...plan, deleted: plan.deleted }, verbose)
    if (plan.delivered !== undefined) await forgetDeliveries(run, plan.delivered)
    return 0
  },
}

type Verbose = (text: string) => void

/** What to do; ages in seconds, and what is just that old goes: `-X 0` is everything. */
type Plan = {
  readonly now: number
  readonly expunged: number | undefined
  readonly deleted: number | undefined
  readonly delivered: number | undefined
  readonly chosen: (name: InternalName) => boolean
  readonly annotations: boolean
}

function readPlan(run: ToolRun): Plan | number {
  const { flags } = run
  const [expunged, deleted, delivered] = [age(flags, 'X'), age(flags, 'D'), age(flags, 'E')]
  const chosen = chooser(run)
  const wrong =
    Number.isNaN(expunged) || Number.isNaN(deleted) || Number.isNaN(delivered) || Number.isNaN(age(flags, 'A'))
  if (run.has('h') || wrong || !['A', 'D', 'E', 'X', 't'].some((letter) => run.has(letter))) {
    run.error(`${run.has('h') ? '' : wrong ? 'Invalid duration.\n' : 'Missing arguments.\n'}${cyrExpireTool.usage}`)
    return run.has('h') ? 0 : EX_USAGE
  }
  if (chosen === undefined) return EX_DATAERR
  const now = Math.floor(Date.now() / 1000)
  return { now, expunged: run.has('x') ? undefined : expunged, deleted, delivered, chosen, annotations: !run.has('a') }
}

const units: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 }

/** Seconds; undefined: the flag is not there, NaN: its value is no duration. */
function age(flags: Flags, letter: string): number | undefined {
  const text = lastOf(flags, letter)
  return text === undefined ? undefined : readDuration(text)
}

/** `1.5`, `36h`: days unless a letter says otherwise. Seconds; NaN: no duration. */
export function readDuration(text: string): number {
  const [, number, unit = 'd'] = /^(\d+(?:\.\d*)?|\.\d+)([dhms]?)$/.exec(text.trim()) ?? []
  return number === undefined ? Number.NaN : Number(number) * (units[unit === '' ? 'd' : unit] ?? 86_400)
}

function chooser({ flags, options, error }: ToolRun): ((name: InternalName) => boolean) | undefined {
  const user = lastOf(flags, 'u')
  const prefix = lastOf(flags, 'p')
  if (user !== undefined) {
    const inbox = inboxOfUser(user, options)
    if (inbox === undefined) error(`cyr_expire: "${user}" is no user name`)
    return inbox && ((name) => inboxOf(readDeletedName(name)?.name ?? name) === inbox)
  }
  if (prefix === undefined) return () => true
  const start = readMailboxArgument(prefix, options)
  if (start === undefined) error(`cyr_expire: "${prefix}" is no mailbox name`)
  return start && ((name) => name.startsWith(start))
}

async function messages(run: ToolRun, plan: Plan, verbose: Verbose): Promise<void> {
  const { store } = run
  if (plan.expunged !== undefined)
    verbose(`Expunging deleted messages in mailboxes older than ${(plan.expunged / 86_400).toFixed(2)} days`)
  const total = { expired: 0, expunged: 0, seen: 0, mailboxes: 0 }
  for (const mailbox of store.read((view) => [...view.list('')]).filter(({ name }) => plan.chosen(name))) {
    total.mailboxes++
    total.seen += store.read((view) => view.mailbox(mailbox.id)?.exists ?? 0)
    const days = plan.annotations ? store.read((view) => inherited(view, mailbox, 'expire')) : undefined
    if (days !== undefined && days > 0) {
      verbose(`expiring messages in ${mailbox.name} older than ${days.toFixed(2)} days`)
      total.expired += await expire(run, mailbox, plan.now - days * 86_400)
    }
    if (plan.expunged === undefined) continue
    verbose(`cleaning up expunged messages in ${mailbox.name}`)
    total.expunged += await forget(run, mailbox, plan.now - plan.expunged + 1)
  }
  const { expired, expunged, seen, mailboxes } = total
  verbose(
    `\nExpired ${expired} and expunged ${expunged} out of ${seen + expunged} messages from ${mailboxes} mailboxes`,
  )
}

/** The annotation of the mailbox or of the nearest one above that has it, in days; undefined: none. */
function inherited(view: View, { name }: MailboxEntry, what: 'expire' | 'delete'): number | undefined {
  for (const one of [name, ...ancestors(name)]) {
    const mailbox = view.lookup(one)
    const value = mailbox && view.annotation(mailbox.id, annotationOf(what), undefined)
    const days = value === undefined ? Number.NaN : readDuration(value.toString()) / 86_400
    if (!Number.isNaN(days)) return days
  }
  return undefined
}

/** Expunges what came before `before`, UTC seconds, a slice at a time. Answers how many. */
async function expire({ store, log }: ToolRun, { id, name }: MailboxEntry, before: number): Promise<number> {
  let count = 0
  for (let from = 1; ; ) {
    const old = new RangeCollector()
    let [looked, last, found] = [0, from, 0]
    store.read((view) => {
      for (const message of view.messages(id, [{ first: from as Uid, last: 0xffffffff as Uid }])) {
        last = message.uid
        if (message.internalDate < before) {
          old.add(message.uid)
          found++
        }
        if (++looked === slice) return
      }
    })
    if (!old.empty)
      await store.change({ kind: 'expunge', as: system, mailbox: id, uids: old.ranges, onlyDeleted: false })
    count += found
    if (looked < slice && count > 0) log().event('messages.expunged', { mailbox: name, count })
    if (looked < slice) return count
    from = last + 1
  }
}

async function forget({ store }: ToolRun, { id: mailbox }: MailboxEntry, before: number): Promise<number> {
  for (let count = 0; ; ) {
    const { forgotten, more } = await store.change({ kind: 'forgetExpunged', mailbox, before })
    count += forgotten
    if (!more) return count
  }
}

async function deletedMailboxes(run: ToolRun, plan: Plan & { deleted: number }, verbose: Verbose): Promise<void> {
  verbose(`Removing deleted mailboxes older than ${(plan.deleted / 86_400).toFixed(2)} days`)
  let count = 0
  const deleted = run.store
    .read((view) => [...view.list('')])
    .filter(({ name }) => isDeleted(name) && plan.chosen(name))
  for (const mailbox of deleted) {
    const was = readDeletedName(mailbox.name)
    const days = plan.annotations ? run.store.read((view) => inherited(view, mailbox, 'delete')) : undefined
    const kept = days === undefined ? plan.deleted : days * 86_400
    if (was === undefined || was.at.getTime() / 1000 + kept > plan.now) continue
    verbose(`Removing: ${mailbox.name}`)
    await run.store.change({ kind: 'deleteMailbox', as: system, name: mailbox.name, forGood: true })
    run.log().event('mailbox.deleted', { mailbox: mailbox.name, by: 'cyr_expire' })
    count++
  }
  verbose(`Removed ${count} deleted mailboxes`)
}

async function forgetDeliveries({ store }: ToolRun, older: number): Promise<void> {
  const before = Math.floor(Date.now() / 1000 - older)
  while ((await store.change({ kind: 'forgetDelivered', before })).more);
}
