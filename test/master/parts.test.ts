/** Small parts of master: shares, groups, command line, pid files, messages of foreign children. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { ServiceEntry } from '../../src/config/cyrus-conf.js'
import { readArguments } from '../../src/master/arguments.js'
import { messageReader, type Said } from '../../src/master/foreign-child.js'
import { isStale, runningFrom, writePidFile } from '../../src/master/lock.js'
import { groupKey } from '../../src/master/plan.js'
import { mostWorkers, shareOf } from '../../src/master/service-group.js'
import { socketOwner } from '../../src/master/services.js'

const entry = (about: Partial<ServiceEntry>): ServiceEntry => ({
  name: 'imap',
  cmd: 'imapd',
  line: 1,
  listen: 'imap',
  proto: 'tcp',
  prefork: 0,
  maxchild: undefined,
  maxfds: 256,
  maxforkrate: 0,
  babysit: false,
  workers: undefined,
  ...about,
})

describe('master: parts', () => {
  it('shares of all workers add up to maxchild', () => {
    for (const maxchild of [1, 2, 3, 100, 101])
      for (const of of [1, 2, 3, 7]) {
        const shares = Array.from({ length: of }, (_, slot) => shareOf(maxchild, { slot, of }) ?? 0)
        expect(shares.reduce((sum, share) => sum + share, 0)).to.equal(maxchild)
      }
    expect(shareOf(undefined, { slot: 0, of: 2 })).to.equal(null)
  })

  it('there are never more workers than connections', () => {
    expect(mostWorkers([entry({ maxchild: 1, workers: 4 })])).to.equal(1)
    expect(mostWorkers([entry({ maxchild: 0 })])).to.equal(1)
    expect(mostWorkers([entry({ workers: 3 })])).to.equal(3)
  })

  it('entries share workers unless flags or settings differ', () => {
    const key = (name: string, args: string[], own: string[] = []) =>
      groupKey({ entry: entry({ name }), program: { kind: 'service', name: 'imapd', main: '', args } }, new Set(own))
    expect(key('imap', ['-U', '30'])).to.equal(key('imaps', ['-U', '30', '-s']))
    expect(key('imap', [])).not.to.equal(key('imap2', ['-C', 'other.conf']))
    expect(key('imap', [], ['imaps'])).not.to.equal(key('imaps', ['-s'], ['imaps']))
  })

  it('reads the command line', () => {
    expect(readArguments(['-C', 'a', '-Mb', '-d', '-p', 'p', '-l', '64', '-j', '1', '-L', 'o'])).to.deep.equal({
      conf: 'a',
      cyrus: 'b',
      pidFile: 'p',
      backlog: 64,
      daemon: true,
      logFile: 'o',
      version: false,
    })
    for (const wrong of [['-x'], ['-d', '-D'], ['-l', 'x'], ['more']]) expect(() => readArguments(wrong)).to.throw()
  })

  it('reads messages of foreign children in any slices', () => {
    const bytes = Buffer.alloc(32)
    for (const [index, value] of [1, 2, 3, 4].entries()) bytes.writeInt32LE(value, index * 8)
    for (const size of [1, 3, 8, 32]) {
      const said: Said[] = []
      const read = messageReader((one) => said.push(one))
      for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size))
      expect(said).to.deep.equal(['available', 'unavailable', 'connection', 'connectionMulti'])
    }
  })

  it('knows who owns a socket', () => {
    const account = { user: 'cyrus', uid: 1, gid: 2 }
    const owner = (mode?: string, who?: string) => socketOwner({ socket_mode: mode, socket_owner: who }, account)
    expect(owner()).to.deep.equal({ mode: 0o777, uid: 1, gid: 2 })
    expect(owner('0770', 'root:')).to.deep.equal({ mode: 0o770, uid: 0, gid: 0 })
    expect(() => owner(undefined, 'nobody-of-this-name')).to.throw(/no user/)
  })

  it('tells a stale pid file from a live one', () => {
    const directory = mkdtempSync(join(tmpdir(), 'angarium-pid-'))
    const path = join(directory, 'pid')
    try {
      writeFileSync(path, '999999999\n')
      expect(isStale(path)).to.equal(true)
      const file = writePidFile(path, undefined)
      expect(readFileSync(path, 'latin1')).to.match(new RegExp(`^${process.pid}\n$`))
      file.remove()
      expect(isStale(path)).to.equal(false)
      expect(runningFrom(`${process.ppid}\n`)).to.equal(undefined)
      expect(runningFrom('garbage')).to.equal(undefined)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
