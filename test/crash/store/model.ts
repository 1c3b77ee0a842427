/** The reference: what a mail store is, without files, transactions or crashes. */
import { createHash } from 'node:crypto'
import { viewSize } from '../../../src/mime/view.js'
import { changeAcl, formatAcl, initialAcl, readAcl } from '../../../src/store/acl.js'
import type { StoreErrorKind } from '../../../src/store/errors.js'
import {
  ancestors,
  type InternalName,
  isBelow,
  isUserInbox,
  moveBelow,
  ownerOf,
  readInternalName,
} from '../../../src/store/mailbox-name.js'
import { contentOf, type Step, type Uids } from './program.js'

export interface ModelMessage {
  readonly flags: readonly string[]
  readonly date: number
  /** Octets as IMAP shows them. */
  readonly size: number
  readonly sha256: string
}

interface ModelMailbox {
  readonly number: number
  uidNext: number
  partition: string
  acl: string
  annotation: string | undefined
  readonly messages: Map<number, ModelMessage>
}

/** `refused` names the reason; what a refused change left is nothing. */
export type Expected =
  | { readonly kind: 'done'; readonly answer: string }
  | { readonly kind: 'refused'; readonly why: StoreErrorKind }

export class Model {
  readonly #mailboxes = new Map<InternalName, ModelMailbox>()
  /** Mailboxes set aside by DELETE: by the name that they had, in the order of deletion. */
  readonly #deleted = new Map<InternalName, ModelMailbox[]>()
  readonly #quotas = new Map<InternalName, number | undefined>()
  readonly #subscribed = new Set<string>()
  readonly #deliveries = new Set<string>()
  #made = 0

  apply(step: Step): Expected {
    switch (step.kind) {
      case 'append':
        return done(step.to.map((name) => this.#append(step, name)).join(' '))
      case 'flags':
        return this.#in(step.mailbox, (mailbox) => this.#flags(mailbox, step))
      case 'expunge':
        return this.#in(step.mailbox, (mailbox) => this.#expunge(mailbox, step))
      case 'copy':
        return this.#in(step.from, (from) => this.#in(step.to, (to) => this.#copy(step, { from, to })))
      case 'create':
        return this.#create(step)
      case 'rename':
        return this.#rename(step)
      case 'delete':
        return this.#delete(step)
      case 'acl':
        return this.#in(step.name, (mailbox) => {
          mailbox.acl = changeAcl(mailbox.acl, step)
          return done()
        })
      case 'quota':
        this.#quotas.set(name(step.root), step.storage)
        return done()
      case 'removeQuota':
        return this.#quotas.delete(name(step.root)) ? done() : refused('noSuchQuotaRoot')
      case 'subscribe':
        if (step.subscribed) this.#subscribed.add(step.name)
        else this.#subscribed.delete(step.name)
        return done()
      case 'annotate':
        return this.#in(step.mailbox, (mailbox) => {
          mailbox.annotation = step.value
          return done()
        })
      case 'settle':
        return done()
    }
  }

  /** Everything that a reader of the store could see, as text; one line for each thing. */
  dump(): string[] {
    const lines: string[] = []
    for (const [mailboxName, mailbox] of this.#mailboxes)
      lines.push(...dumpMailbox(mailboxName, mailbox, this.#rootOf(mailboxName)))
    for (const [was, list] of this.#deleted)
      for (const mailbox of list) lines.push(...dumpMailbox(`DELETED.${was}`, mailbox, undefined))
    for (const [root, storage] of this.#quotas) {
      const usage = this.#usage(root)
      lines.push(`quota ${root} ${storage ?? 'unlimited'} ${usage.storage} ${usage.messages} ${usage.mailboxes}`)
    }
    for (const one of this.#subscribed) lines.push(`subscribed ${one}`)
    return lines.sort()
  }

  #in(mailboxName: string, use: (mailbox: ModelMailbox) => Expected): Expected {
    const mailbox = this.#mailboxes.get(name(mailboxName))
    return mailbox ? use(mailbox) : refused('noSuchMailbox')
  }

  #append(step: Step & { kind: 'append' }, to: string): string {
    const mailbox = this.#mailboxes.get(name(to))
    if (!mailbox) return 'noSuchMailbox'
    const key = step.delivery === undefined ? undefined : `${step.delivery} ${mailbox.number}`
    if (key !== undefined && this.#deliveries.has(key) && this.#mailboxes.has(name('user.paul'))) return 'duplicate'
    const bytes = contentOf(step)
    const size = viewSize(bytes)
    if (!this.#hasRoom(this.#rootOf(name(to)), size)) return 'overQuota'
    if (key !== undefined) this.#deliveries.add(key)
    mailbox.messages.set(mailbox.uidNext, {
      flags: [...step.flags].sort(),
      date: step.date,
      size,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    return String(mailbox.uidNext++)
  }

  #flags(mailbox: ModelMailbox, { uids, how, flags }: Step & { kind: 'flags' }): Expected {
    for (const [uid, message] of chosen(mailbox, uids)) {
      const rest = how === 'replace' ? [] : message.flags.filter((one) => !flags.includes(one))
      mailbox.messages.set(uid, { ...message, flags: (how === 'remove' ? rest : [...rest, ...flags]).sort() })
    }
    return done()
  }

  #expunge(mailbox: ModelMailbox, { uids, onlyDeleted }: Step & { kind: 'expunge' }): Expected {
    const gone = chosen(mailbox, uids).filter(([, message]) => !onlyDeleted || message.flags.includes('\\Deleted'))
    for (const [uid] of gone) mailbox.messages.delete(uid)
    return done(gone.map(([uid]) => uid).join(' '))
  }

  #copy(step: Step & { kind: 'copy' }, { from, to }: { from: ModelMailbox; to: ModelMailbox }): Expected {
    const messages = chosen(from, step.uids)
    const [fromRoot, toRoot] = [this.#rootOf(name(step.from)), this.#rootOf(name(step.to))]
    const octets = messages.reduce((sum, [, { size }]) => sum + size, 0)
    if (messages.length > 0 && !(step.move && fromRoot === toRoot) && !this.#hasRoom(toRoot, octets))
      return refused('overQuota')
    const uids = messages.map(([, message]) => {
      to.messages.set(to.uidNext, message)
      return to.uidNext++
    })
    if (step.move) for (const [uid] of messages) from.messages.delete(uid)
    return done(uids.join(' '))
  }

  #create({ name: text, partition }: Step & { kind: 'create' }): Expected {
    const created = name(text)
    if (this.#mailboxes.has(created)) return refused('mailboxExists')
    const above = isUserInbox(created) ? undefined : ancestors(created).find((one) => this.#mailboxes.has(one))
    const parent = above && this.#mailboxes.get(above)
    // Also an INBOX begins on the partition of whatever is above it; nothing is.
    this.#mailboxes.set(created, {
      number: this.#made++,
      uidNext: 1,
      partition: partition ?? parent?.partition ?? 'default',
      acl: parent?.acl ?? initialAcl(created, { defaultacl: 'anyone lrs' }),
      annotation: undefined,
      messages: new Map(),
    })
    return done()
  }

  #rename({ from: a, to: b, partition }: Step & { kind: 'rename' }): Expected {
    const [from, to] = [name(a), name(b)]
    const source = this.#mailboxes.get(from)
    if (!source) return refused('noSuchMailbox')
    if (isBelow(to, from)) return refused('badMailboxName')
    const moved = from === to ? [from] : [...this.#mailboxes.keys()].filter((one) => one === from || isBelow(one, from))
    if (from !== to && moved.some((one) => this.#mailboxes.has(below(one, { from, to }))))
      return refused('mailboxExists')
    for (const one of from === to ? [] : moved) {
      const root = this.#rootOf(below(one, { from, to }))
      const octets = [...(this.#mailboxes.get(one)?.messages.values() ?? [])].reduce((sum, { size }) => sum + size, 0)
      if (root !== this.#rootOf(one) && !this.#hasRoom(root, octets)) return refused('overQuota')
    }
    for (const one of moved) {
      const mailbox = this.#mailboxes.get(one)
      if (!mailbox) continue
      this.#mailboxes.delete(one)
      this.#mailboxes.set(below(one, { from, to }), mailbox)
      mailbox.partition = partition ?? mailbox.partition
      mailbox.acl = aclOfNewOwner(mailbox.acl, { from: one, to: below(one, { from, to }) })
    }
    return done()
  }

  #delete({ name: text, forGood }: Step & { kind: 'delete' }): Expected {
    const doomed = name(text)
    if (!this.#mailboxes.has(doomed)) return refused('noSuchMailbox')
    const all = isUserInbox(doomed) ? [...this.#mailboxes.keys()].filter((one) => isBelow(one, doomed)) : []
    for (const one of [doomed, ...all]) {
      const mailbox = this.#mailboxes.get(one)
      this.#mailboxes.delete(one)
      if (mailbox && !forGood) this.#deleted.set(one, [...(this.#deleted.get(one) ?? []), mailbox])
    }
    return done()
  }

  #rootOf(mailboxName: InternalName): InternalName | undefined {
    return [mailboxName, ...ancestors(mailboxName)].find((one) => this.#quotas.has(one))
  }

  #usage(root: InternalName): { storage: number; messages: number; mailboxes: number } {
    const under = [...this.#mailboxes].filter(([one]) => this.#rootOf(one) === root)
    const messages = under.flatMap(([, mailbox]) => [...mailbox.messages.values()])
    const storage = messages.reduce((sum, { size }) => sum + size, 0)
    return { storage, messages: messages.length, mailboxes: under.length }
  }

  #hasRoom(root: InternalName | undefined, octets: number): boolean {
    const limit = root && this.#quotas.get(root)
    return root === undefined || limit === undefined || this.#usage(root).storage + octets <= limit * 1024
  }
}

function dumpMailbox(shown: string, mailbox: ModelMailbox, root: string | undefined): string[] {
  const { uidNext, acl, partition, annotation } = mailbox
  const head = `mailbox ${shown} next ${uidNext} on ${partition} root ${root ?? 'none'} acl ${acl} note ${annotation ?? 'none'}`
  return [head, ...[...mailbox.messages].map(([uid, message]) => dumpMessage(shown, uid, message))]
}

export function dumpMessage(mailbox: string, uid: number, { flags, date, size, sha256 }: ModelMessage): string {
  return `message ${mailbox} ${uid} (${[...flags].sort().join(' ')}) ${date} ${size} ${sha256}`
}

const done = (answer = ''): Expected => ({ kind: 'done', answer })
const refused = (why: StoreErrorKind): Expected => ({ kind: 'refused', why })

function chosen(mailbox: ModelMailbox, { first, last }: Uids): [number, ModelMessage][] {
  return [...mailbox.messages].filter(([uid]) => uid >= first && uid <= last).sort(([a], [b]) => a - b)
}

function name(text: string): InternalName {
  const read = readInternalName(text)
  if (!read) throw new Error(`the program names ${text}`)
  return read
}

function below(one: InternalName, way: { from: InternalName; to: InternalName }): InternalName {
  return moveBelow(one, way) ?? one
}

/** A folder that comes to another user: what its old owner held there, the new one holds. */
function aclOfNewOwner(acl: string, { from, to }: { from: InternalName; to: InternalName }): string {
  const [before, after] = [ownerOf(from), ownerOf(to)]
  if (before === undefined || after === undefined || before === after) return acl
  return formatAcl(readAcl(acl).map((row) => (row.identifier === before ? { ...row, identifier: after } : row)))
}
