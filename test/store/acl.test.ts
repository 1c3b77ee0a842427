// Rights: letters, entries, negative rights, implicit rights; examples as Debian's Cyrus 3.6 answers them.
import { expect } from 'chai'
import fc from 'fast-check'
import * as acls from '../../src/store/acl.js'
import { StoreError } from '../../src/store/errors.js'
import { name } from './names.js'

const { changeAcl, formatAcl, myRights, readAcl, rightsOf } = acls
const options = {
  virtdomains: 'off',
  defaultdomain: undefined,
  implicitOwnerRights: 'lkxan',
  crossdomains: false,
} as const
const virtual = { ...options, virtdomains: 'userid', defaultdomain: 'def.org' } as const

function user(who: string, { groups = [], admin = false }: { groups?: string[]; admin?: boolean } = {}) {
  return { kind: 'user', user: who, groups, admin } as const
}

describe('ACLs', () => {
  const start = acls.initialAcl(name('user.paul'), { defaultacl: 'anyone lrs' })
  it('begin with all rights for the owner, defaultacl for others', () => {
    expect(start).to.equal('paul\tlrswipkxtecdan\t')
    expect(acls.initialAcl(name('shared'), { defaultacl: 'anyone lrs' })).to.equal('anyone\tlrs\t')
  })

  /** One SETACL after the other for fred, and the entry afterwards. */
  const steps = [
    ['lrs', 'lrs'],
    ['+wc', 'lrswkxc'],
    ['-k', 'lrswxc'],
    ['lrsd', 'lrsted'],
    ['lr0129', 'lr0129'],
    ['k', 'kc'],
    ['-c', undefined],
    ['lrs', 'lrs'],
    ['', undefined],
  ] as const
  it('change as SETACL says', () => {
    let acl = start
    for (const [rights, after] of steps) {
      acl = changeAcl(acl, { identifier: 'fred', rights })
      expect(readAcl(acl).find(({ identifier }) => identifier === 'fred')?.rights, rights).to.equal(after)
      expect(readAcl(acl)[0]?.identifier).to.equal('paul')
    }
  })
  it('refuse unknown letters and impossible identifiers', () => {
    const bad = [
      ['fred', 'z'],
      ['fred', '+lz'],
      ['', 'l'],
      ['a\tb', 'l'],
      ['-', 'l'],
      ['x'.repeat(300), 'l'],
    ] as const
    for (const [identifier, rights] of bad)
      expect(() => changeAcl('', { identifier, rights }), identifier).to.throw(StoreError)
  })
  it('sum what concerns the user, less negative rights, in any order', () => {
    const acl = formatAcl([
      { identifier: '-fred', rights: 's' },
      { identifier: 'anyone', rights: 'lrs' },
      { identifier: 'group:staff', rights: 'wi' },
      { identifier: '-group:guests', rights: 'r' },
    ])
    expect(myRights(acl, { user: 'fred', groups: ['staff'] })).to.equal('lrwi')
    expect(myRights(acl, { user: 'mary', groups: ['guests'] })).to.equal('ls')
    expect(myRights(acl, { user: 'anonymous', groups: [] })).to.equal('lrs')
  })
  it('add implicit rights of owner and administrator', () => {
    const mailbox = { name: name('user.paul'), acl: 'anyone\tp\t' }
    expect(rightsOf(mailbox, user('paul'), options)).to.equal('lpkxcan')
    expect(rightsOf(mailbox, user('cyrus', { admin: true }), options)).to.equal('lpa')
    expect(rightsOf(mailbox, user('fred'), options)).to.equal('p')
    expect(rightsOf(mailbox, { kind: 'system' }, options)).to.equal(acls.allRights)
    expect(rightsOf({ ...mailbox, acl: 'fred\tkc\t' }, user('fred'), options)).to.equal('kc')
    expect(rightsOf({ ...mailbox, acl: 'fred\tlrcd\t' }, user('fred'), options)).to.equal('lrkxtecd')
    expect(acls.holds('lrs', 'ls')).to.equal(true)
    expect(acls.holds('lrs', 'lw')).to.equal(false)
  })
  it('end at the domain', () => {
    const mailbox = { name: name('example.com!user.paul'), acl: 'anyone\tlrs\t' }
    expect(rightsOf(mailbox, user('fred@example.com'), virtual)).to.equal('lrs')
    expect(rightsOf(mailbox, user('fred'), virtual)).to.equal('')
    expect(rightsOf(mailbox, user('fred@other.org', { admin: true }), virtual)).to.equal('')
    expect(rightsOf(mailbox, user('boss@example.com', { admin: true }), virtual)).to.equal('lrsa')
    expect(rightsOf(mailbox, user('cyrus', { admin: true }), virtual)).to.equal('lrsa')
    expect(rightsOf(mailbox, user('fred@other.org'), { ...virtual, crossdomains: true })).to.equal('lrs')
  })
  it('list rights as LISTRIGHTS tells them', () => {
    const mailbox = { name: name('user.paul'), acl: start }
    expect(acls.listRights(mailbox, 'paul', options).required).to.equal('lkxcan')
    expect(acls.listRights(mailbox, 'fred', options).optional.join('')).to.equal('lrswipkxtecdan0123456789')
  })
  it('read back as written, and survive damage', () => {
    const entry = fc.tuple(
      fc.stringMatching(/^[a-z:@.][a-z:@.-]{0,8}$/),
      fc.stringMatching(/^[lrswipkxtecdan0-9]{1,9}$/),
    )
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        let acl = ''
        for (const [identifier, rights] of entries) acl = changeAcl(acl, { identifier, rights })
        expect(formatAcl(readAcl(acl))).to.equal(acl)
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => void readAcl(text)))
  })
})
