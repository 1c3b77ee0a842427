/** Every command asks the ACL: command x right x who. A command without a row fails. RFC 4314 §4, DESIGN.md promise 8 */
import { expect } from 'chai'
import { commands } from '../../../src/services/imapd/commands.js'
import type { InternalName } from '../../../src/store/mailbox-name.js'
import { system } from '../../../src/store/types.js'
import { LineClient } from './line-client.js'
import { ADMIN, type LocalServer, openLocalServer, PASSWORD } from './local-server.js'

/** What a command needs. @@ stands for the mailbox of which the rights are asked, as the client names it. */
interface Row {
  /** The commands of the table that this row is for. */
  readonly names: readonly string[]
  readonly text: string
  /** Rights that together are enough; each of them alone is needed. */
  readonly needs: string
  /** Rights asked for before the command itself: SELECT needs r. */
  readonly before?: readonly string[]
  readonly also?: string
  /** The line that must be missing when the right is: commands that answer OK to everybody. */
  readonly tells?: RegExp
}

/** Commands that name no mailbox of anybody, or ask nothing of its ACL, and why. */
const noMailbox = new Map([
  ['CAPABILITY', 'no mailbox'],
  ['NOOP', 'tells news of the selected mailbox only: see SELECT'],
  ['LOGOUT', 'no mailbox'],
  ['ID', 'no mailbox'],
  ['STARTTLS', 'no mailbox'],
  ['AUTHENTICATE', 'no mailbox'],
  ['LOGIN', 'no mailbox'],
  ['COMPRESS', 'no mailbox'],
  ['UNAUTHENTICATE', 'no mailbox'],
  ['ENABLE', 'no mailbox'],
  ['NAMESPACE', 'no mailbox'],
  ['UNSUBSCRIBE', "the user's own list"],
  ['LSUB', "the user's own list"],
  ['IDLE', 'as NOOP'],
  ['CHECK', 'as NOOP'],
  ['UNSELECT', 'leaves the mailbox'],
  ['CLOSE', 'leaves the mailbox; expunges as EXPUNGE does, silently'],
  ['SETQUOTA', 'administrators only: quota.txt'],
])

const select = ['SELECT @@']
const selected = (names: string[], text: string, needs: string, more: Partial<Row> = {}): Row => ({
  names,
  text,
  needs,
  before: select,
  also: 'r',
  ...more,
})

const rows: readonly Row[] = [
  { names: ['SELECT'], text: 'SELECT @@', needs: 'r' },
  { names: ['EXAMINE'], text: 'EXAMINE @@', needs: 'r' },
  { names: ['STATUS'], text: 'STATUS @@ (MESSAGES)', needs: 'r' },
  { names: ['LIST'], text: 'LIST "" @@', needs: 'l', tells: /^\* LIST / },
  { names: ['SUBSCRIBE'], text: 'SUBSCRIBE @@', needs: 'l' },
  { names: ['CREATE'], text: 'CREATE @@.new', needs: 'k' },
  { names: ['DELETE'], text: 'DELETE @@', needs: 'x' },
  { names: ['RENAME'], text: 'RENAME @@ INBOX.taken##', needs: 'x' },
  { names: ['APPEND'], text: 'APPEND @@ {6+}\r\nA: bcd', needs: 'i' },
  { names: ['SETACL'], text: 'SETACL @@ paul r', needs: 'a' },
  { names: ['DELETEACL'], text: 'DELETEACL @@ paul', needs: 'a' },
  { names: ['GETACL'], text: 'GETACL @@', needs: 'a' },
  { names: ['LISTRIGHTS'], text: 'LISTRIGHTS @@ paul', needs: 'a' },
  { names: ['GETQUOTAROOT'], text: 'GETQUOTAROOT @@', needs: 'r' },
  { names: ['GETQUOTA'], text: 'GETQUOTA @@', needs: 'r' },
  { names: ['GETMETADATA'], text: 'GETMETADATA @@ /shared/comment', needs: 'lr' },
  { names: ['SETMETADATA'], text: 'SETMETADATA @@ (/shared/comment "x")', needs: 'lw' },
  selected(['FETCH', 'UID FETCH'], 'FETCH 1 (FLAGS BODY.PEEK[])', 'r'),
  selected(['SEARCH', 'UID SEARCH'], 'SEARCH ALL', 'r'),
  selected(['SORT', 'UID SORT'], 'SORT (DATE) UTF-8 ALL', 'r'),
  selected(['THREAD', 'UID THREAD'], 'THREAD REFERENCES UTF-8 ALL', 'r'),
  selected(['STORE', 'UID STORE'], 'STORE 1 +FLAGS (\\Flagged)', 'w', { also: 'rs' }),
  selected(['STORE'], 'STORE 1 +FLAGS (\\Seen)', 's', { also: 'rw' }),
  selected(['STORE'], 'STORE 1 +FLAGS (\\Deleted)', 't', { also: 'rw' }),
  selected(['STORE'], 'STORE 1 +FLAGS ($New)', 'w', { also: 'rs' }),
  selected(['EXPUNGE'], 'EXPUNGE', 'e', { also: 'rs' }),
  selected(['UID EXPUNGE'], 'UID EXPUNGE 1', 'e', { also: 'rs' }),
  selected(['COPY', 'UID COPY'], 'UID COPY 1 INBOX', 'r'),
  selected(['MOVE', 'UID MOVE'], 'UID MOVE 1 INBOX', 'te', { also: 'rs' }),
  { names: ['COPY', 'UID COPY'], text: 'COPY 1 @@', needs: 'i', before: ['SELECT INBOX'] },
  { names: ['MOVE', 'UID MOVE'], text: 'MOVE 1 @@', needs: 'i', before: ['SELECT INBOX'] },
]

/** MYRIGHTS answers to whoever has any right, so its row is its own test. */
const ownTest = ['MYRIGHTS']

const all = 'lrswipkxtecda'
const without = (rights: string): string => [...all].filter((right) => !related(rights).includes(right)).join('')
/** c stands for k and x, d for e, t and x: taking one away takes its group away. RFC 4314 §2.1.1 */
function related(rights: string): string {
  return `${rights}${/[kx]/.test(rights) ? 'c' : ''}${/[etx]/.test(rights) ? 'd' : ''}`
}

interface Who {
  readonly name: string
  readonly user: string
  /** The ACL for a row, and whether the command then goes through; undefined: the row is not tried. */
  readonly acl: (row: Row) => string | undefined
  readonly may: boolean
}

const who: readonly Who[] = [
  { name: 'the owner', user: 'fred', may: true, acl: () => `fred\t${all}\t` },
  {
    name: 'one who is granted just that',
    user: 'anne',
    may: true,
    acl: (row) => `anne\tl${row.needs}${row.also ?? ''}\t`,
  },
  {
    name: 'anyone who is granted it',
    user: 'anne',
    may: true,
    acl: (row) => `anyone\tl${row.needs}${row.also ?? ''}\t`,
  },
  { name: 'one who has all other rights', user: 'anne', may: false, acl: (row) => `anne\t${without(row.needs)}\t` },
  { name: 'one to whom it is denied', user: 'anne', may: false, acl: (row) => `anne\t${all}\t-anne\t${row.needs}\t` },
  { name: 'one without any right', user: 'anne', may: false, acl: () => `fred\t${all}\t` },
  {
    name: 'an administrator without a grant',
    user: ADMIN,
    may: false,
    acl: (row) =>
      /^[la]*$/.test(row.needs) || /QUOTA|RENAME|CREATE|METADATA/.test(row.text) ? undefined : `fred\t${all}\t`,
  },
  {
    name: 'an administrator, whose rights are l and a',
    user: ADMIN,
    may: true,
    acl: (row) => (/^[la]+$/.test(row.needs) ? `fred\t${all}\t` : undefined),
  },
]

describe('services/imapd the ACL of every command', () => {
  let local: LocalServer
  let count = 0

  before(async () => {
    local = await openLocalServer()
    for (const user of ['fred', 'anne', ADMIN]) {
      await local.store.change({ kind: 'createMailbox', as: system, name: `user.${user}` as InternalName })
      const client = await signIn(user)
      await client.command('m', 'APPEND INBOX {6+}\r\nA: bcd')
      client.close()
    }
  })
  after(() => local.close())

  it('has a row for every command', () => {
    const covered = new Set([...rows.flatMap(({ names }) => names), ...noMailbox.keys(), ...ownTest])
    expect(commands.map(({ name }) => name).filter((name) => !covered.has(name))).to.deep.equal([])
  })

  for (const row of rows) {
    for (const one of who) {
      const acl = one.acl(row)
      if (acl === undefined) continue
      it(`${row.text.replace(/\r\n.*/s, '')} (${row.needs}): ${one.name} ${one.may ? 'may' : 'may not'}`, async () => {
        expect(await attempt(row, { user: one.user, acl })).equal(one.may)
      })
    }
  }

  it('MYRIGHTS tells rights to whoever has any, and nothing to others', async () => {
    for (const [acl, may] of [
      ['anne\tp\t', true],
      [`fred\t${all}\t`, false],
    ] as const) {
      expect(await attempt({ names: [], text: 'MYRIGHTS @@', needs: '' }, { user: 'anne', acl })).equal(may)
    }
  })

  async function signIn(user: string): Promise<LineClient> {
    const client = new LineClient(local.connect())
    await client.line()
    await client.command('l', `LOGIN ${user} ${PASSWORD}`)
    return client
  }

  /** Whether the command went through, on a new mailbox of fred's with one message and that ACL. */
  async function attempt(row: Row, { user, acl }: { user: string; acl: string }): Promise<boolean> {
    const name = `user.fred.box${++count}` as InternalName
    const box = user === 'fred' ? `INBOX.box${count}` : name
    // What comes before is done with rights enough; then the rights are what the row says.
    const full = `${[...new Set(['fred', user])].map((each) => `${each}\t${all}`).join('\t')}\t`
    const before = row.before ?? []
    await local.store.change({ kind: 'createMailbox', as: system, name, acl: before.length > 0 ? full : acl })
    if (/QUOTA/.test(row.text)) {
      await local.store.change({ kind: 'setQuota', as: system, root: name, limits: { MESSAGE: 10 } })
    }
    const client = await signIn(user)
    if (before.length > 0) {
      await client.command('a', `APPEND ${box} {6+}\r\nA: bcd`)
      for (const text of before) await client.command('b', text.replace('@@', box))
      await setAcl(name, { from: full, to: acl })
    }
    const lines = await client.command('c', row.text.replace('@@', box).replace('##', String(count)))
    client.close()
    const last = lines[lines.length - 1] ?? ''
    expect(last).not.match(/BAD|SERVERBUG/)
    return last.startsWith('c OK') && (row.tells === undefined || lines.some((line) => row.tells?.test(line) === true))
  }

  async function setAcl(name: InternalName, { from, to }: { from: string; to: string }): Promise<void> {
    const [old, wanted] = [entries(from), entries(to)]
    const changes = [...new Set([...old.keys(), ...wanted.keys()])].map((identifier) =>
      local.store.change({ kind: 'setAcl', as: system, name, identifier, rights: wanted.get(identifier) ?? '' }),
    )
    await Promise.all(changes)
  }
})

function entries(acl: string): Map<string, string> {
  const words = acl.split('\t')
  const found = new Map<string, string>()
  for (let at = 0; at + 1 < words.length; at += 2) found.set(words[at] ?? '', words[at + 1] ?? '')
  return found
}
