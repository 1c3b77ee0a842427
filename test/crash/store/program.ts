/** Random programs of changes on a few mailboxes, as plain values: what the model and the real store are both given. */
import { type Random, seeded } from '../random.js'

/** Mailboxes by internal name; UIDs as the model counts them. */
export type Step =
  | {
      readonly kind: 'append'
      readonly to: readonly string[]
      readonly size: number
      readonly flags: readonly string[]
      readonly date: number
      /** Content: the same number, the same bytes. */
      readonly content: number
      /** A retried delivery carries the number of the first try. */
      readonly delivery?: number
    }
  | {
      readonly kind: 'flags'
      readonly mailbox: string
      readonly uids: Uids
      readonly how: 'add' | 'remove' | 'replace'
      readonly flags: readonly string[]
    }
  | { readonly kind: 'expunge'; readonly mailbox: string; readonly uids: Uids; readonly onlyDeleted: boolean }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string; readonly uids: Uids; readonly move: boolean }
  | { readonly kind: 'create'; readonly name: string; readonly partition?: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly partition?: string }
  | { readonly kind: 'delete'; readonly name: string; readonly forGood: boolean }
  | { readonly kind: 'acl'; readonly name: string; readonly identifier: string; readonly rights: string }
  | { readonly kind: 'quota'; readonly root: string; readonly storage: number | undefined }
  | { readonly kind: 'removeQuota'; readonly root: string }
  | { readonly kind: 'subscribe'; readonly name: string; readonly subscribed: boolean }
  | { readonly kind: 'annotate'; readonly mailbox: string; readonly value: string | undefined }
  /** Not a change: everything owed to the disk is paid before the next one. */
  | { readonly kind: 'settle' }

/** UIDs `first` to `last`. */
export interface Uids {
  readonly first: number
  readonly last: number
}

export const inbox = 'user.paul'
export const names = [
  inbox,
  'user.paul.A',
  'user.paul.A.B',
  'user.paul.C',
  'user.anne',
  'user.anne.Sent',
  'shared',
] as const
/** Those that are no user's INBOX. */
const movable = names.filter((name) => name.split('.').length !== 2)
const flagNames = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '$Junk', 'work', 'Later']
const partitions = ['default', 'second']

/** The first changes make the mailboxes; the others are chosen at random, many of them in vain. */
export function makeProgram(seed: number, length: number): Step[] {
  const random = seeded(seed)
  if (length === 0) return []
  const program: Step[] = names.map((name) => ({ kind: 'create', name }))
  let deliveries = 0
  while (program.length < length) {
    const step = randomStep(random, deliveries)
    if (step.kind === 'append' && step.delivery === deliveries) deliveries++
    program.push(step)
    if (random.chance(0.3)) program.push({ kind: 'settle' })
  }
  return program
}

function randomStep(random: Random, deliveries: number): Step {
  const mailbox = (): string => random.pick(names) ?? inbox
  const dice = random.below(100)
  if (dice < 40) return randomAppend(random, deliveries)
  if (dice < 54) {
    const how = random.pick(['add', 'remove', 'replace'] as const) ?? 'add'
    return { kind: 'flags', mailbox: mailbox(), uids: randomUids(random), how, flags: randomFlags(random) }
  }
  if (dice < 62)
    return { kind: 'expunge', mailbox: mailbox(), uids: randomUids(random), onlyDeleted: random.chance(0.6) }
  if (dice < 76)
    return { kind: 'copy', from: mailbox(), to: mailbox(), uids: randomUids(random), move: random.chance(0.5) }
  if (dice < 80) {
    const partition = random.chance(0.3) ? { partition: random.pick(partitions) ?? 'default' } : {}
    return { kind: 'create', name: mailbox(), ...partition }
  }
  if (dice < 86) {
    const partition = random.chance(0.3) ? { partition: random.pick(partitions) ?? 'default' } : {}
    const [from, to] = [random.pick(movable) ?? inbox, random.pick(movable) ?? inbox]
    return { kind: 'rename', from, to, ...partition }
  }
  if (dice < 89) return { kind: 'delete', name: random.pick(names.slice(1)) ?? inbox, forGood: random.chance(0.4) }
  if (dice < 92) {
    const rights = random.pick(['lrs', '', '+w', '-r', 'lrswipkxtea']) ?? ''
    return { kind: 'acl', name: mailbox(), identifier: random.pick(['anne', 'anyone', 'group:x']) ?? 'anne', rights }
  }
  if (dice < 95) {
    const root = random.pick(['user.paul', 'user.paul.A', 'user.anne']) ?? inbox
    return { kind: 'quota', root, storage: random.chance(0.2) ? undefined : 20 + random.below(400) }
  }
  if (dice < 96) return { kind: 'removeQuota', root: random.pick(['user.paul', 'user.paul.A', 'user.anne']) ?? inbox }
  if (dice < 98) return { kind: 'subscribe', name: mailbox(), subscribed: random.chance(0.7) }
  return {
    kind: 'annotate',
    mailbox: mailbox(),
    value: random.chance(0.3) ? undefined : 'x'.repeat(random.below(50) + 1),
  }
}

function randomAppend(random: Random, deliveries: number): Step {
  const to = [random.pick(names) ?? inbox]
  while (random.chance(0.15)) to.push(random.pick(names) ?? inbox)
  const delivery = random.chance(0.3)
    ? { delivery: random.chance(0.5) ? deliveries : random.below(deliveries + 1) }
    : {}
  return {
    kind: 'append',
    to: [...new Set(to)],
    // Beyond 256 KB a message goes through a stage file instead of the journal.
    size: random.chance(0.03) ? 260 * 1024 + random.below(1000) : 60 + random.below(random.chance(0.1) ? 20_000 : 1500),
    flags: randomFlags(random),
    date: 1_600_000_000 + random.below(100_000_000),
    content: random.below(1_000_000),
    ...delivery,
  }
}

function randomFlags(random: Random): string[] {
  return flagNames.filter(() => random.chance(0.25))
}

function randomUids(random: Random): Uids {
  const first = 1 + random.below(12)
  return { first, last: random.chance(0.2) ? 0xffffffff : first + random.below(4) }
}

/** The bytes of a message: with bare LF, NUL and 8-bit octets in some, without Message-ID in some. */
export function contentOf({ content, size }: { content: number; size: number }): Buffer {
  const random = seeded(content)
  const head = `From: <a@example.com>\r\nSubject: ${content}\r\n${random.chance(0.5) ? `Message-ID: <${content}@x>\r\n` : ''}\r\n`
  const body = random.bytes(Math.max(0, size - head.length))
  if (random.chance(0.8)) for (const [at, octet] of body.entries()) body[at] = 0x20 + (octet % 0x5f)
  return Buffer.concat([Buffer.from(head), body])
}
