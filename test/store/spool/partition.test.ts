// Directories and names agree with what Debian's Cyrus 3.6 says of 479 mailboxes (mbpath -j, recorded in cyrus-paths.tsv).
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { inboxOf, isDeleted, ownerOf, readInternalName } from '../../../src/store/mailbox-name.js'
import { adminForm, namespace, readAdminName } from '../../../src/store/namespace.js'
import {
  expungedFile,
  mailboxDirectory,
  messageFile,
  readMessageFile,
  sieveDirectory,
  userDirectory,
} from '../../../src/store/spool/partition.js'

/** Options under which each part of the table was recorded. */
const recorded = {
  ff: { unixhierarchysep: false, virtual: false, hashimapspool: false, fulldirhash: false },
  ft: { unixhierarchysep: true, virtual: false, hashimapspool: false, fulldirhash: false },
  hf: { unixhierarchysep: false, virtual: false, hashimapspool: true, fulldirhash: false },
  hh: { unixhierarchysep: false, virtual: false, hashimapspool: true, fulldirhash: true },
  vu: { unixhierarchysep: true, virtual: true, hashimapspool: true, fulldirhash: false },
  vf: { unixhierarchysep: true, virtual: true, hashimapspool: true, fulldirhash: true },
  vn: { unixhierarchysep: false, virtual: true, hashimapspool: false, fulldirhash: false },
}

const table = readFileSync(new URL('../../../../test/store/spool/cyrus-paths.tsv', import.meta.url), 'utf8')
const rows = table.trim().split('\n')

describe('directories of mailboxes', () => {
  for (const [set, { unixhierarchysep, virtual, ...layout }] of Object.entries(recorded)) {
    const options = {
      altnamespace: false,
      unixhierarchysep,
      virtdomains: virtual ? ('userid' as const) : ('off' as const),
      defaultdomain: virtual ? 'def.org' : undefined,
      userprefix: 'Other Users',
      sharedprefix: 'Shared Folders',
      altprefix: 'Alt Folders',
      crossdomains: false,
    }
    it(`are Cyrus's, with ${set}`, () => {
      for (const row of rows.filter((one) => one.startsWith(`${set}\t`))) {
        const [, external = '', internal, data, user = '', sieve, seen] = row.split('\t')
        const name = readAdminName(external, options)
        expect(name, row).to.equal(internal)
        if (name === undefined) continue
        expect(readInternalName(name)).to.equal(name)
        expect(mailboxDirectory(name, layout)).to.equal(data)
        if (!isDeleted(name)) expect(ownerOf(name) ?? '').to.equal(user)
        expect(readAdminName(adminForm(name, options), options)).to.equal(name)
        if (sieve === '' || isDeleted(name)) continue
        expect(sieveDirectory(name, layout)).to.equal(sieve)
        expect(`${userDirectory(name, layout)}/${virtual ? user.replace(/@.*/, '') : user}.seen`).to.equal(seen)
        expect(namespace(options).inboxOfUser(user)).to.equal(inboxOf(name))
      }
    })
  }
  it('cover the recorded table', () => expect(rows.length).to.be.greaterThan(470))
})

describe('files of messages', () => {
  it('are numbers with a dot', () => {
    expect(messageFile(7)).to.equal('7.')
    expect(expungedFile(7)).to.equal('7.expunged')
  })
  it('are told from other files', () => {
    expect(readMessageFile('7.')).to.deep.equal({ uid: 7, kind: 'live' })
    expect(readMessageFile('4294967295.expunged')).to.deep.equal({ uid: 0xffffffff, kind: 'expunged' })
    for (const file of ['7', '07.', '0.', '4294967296.', 'cyrus.header', '7.x', '.', '-1.', '7.expunged.', '1e3.'])
      expect(readMessageFile(file), file).to.equal(undefined)
  })
})
