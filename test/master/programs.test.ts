/** From cmd= to the program it means. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Places, resolveProgram } from '../../src/master/programs.js'

describe('master/programs', () => {
  let directory = ''
  let places: Places
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-programs-'))
    places = { bin: join(directory, 'bin'), services: join(directory, 'services') }
    mkdirSync(places.bin)
    mkdirSync(join(places.services, 'imapd'), { recursive: true })
    writeFileSync(join(places.services, 'imapd/main.js'), '')
    for (const name of ['imapd', 'cyr_expire', 'ctl_cyrusdb'])
      writeFileSync(join(places.bin, name), '#!/bin/sh\n', { mode: 0o755 })
    symlinkSync(join(places.bin, 'imapd'), join(directory, 'link'))
  })
  after(() => rmSync(directory, { recursive: true }))

  const service = (cmd: string) => resolveProgram(cmd, { places, use: 'service' })
  const job = (cmd: string) => resolveProgram(cmd, { places, use: 'job' })

  it('finds our services by name, by Cyrus path, by our path and by link', () => {
    const main = join(places.services, 'imapd/main.js')
    const imapd = { kind: 'service', name: 'imapd', main, args: ['-s'] }
    for (const cmd of ['imapd -s', '/usr/lib/cyrus/bin/imapd -s', `${places.bin}/imapd -s`, `${directory}/link -s`])
      expect(service(cmd).program, cmd).to.deep.equal(imapd)
  })

  it('maps the multi-command and its short names, and says so', () => {
    expect(job('/usr/sbin/cyrus expire -E 3')).to.deep.equal({
      program: {
        kind: 'program',
        name: 'cyr_expire',
        path: join(places.bin, 'cyr_expire'),
        args: ['-E', '3'],
        ours: true,
      },
      mapped: { from: '/usr/sbin/cyrus expire -E 3', to: 'cyr_expire -E 3' },
    })
    expect(job('ctl_cyrusdb -c').mapped).to.equal(undefined)
  })

  it('maps behind another program', () => {
    const { program } = job('/bin/sh -c /usr/lib/cyrus/bin/cyr_expire')
    expect(program).to.deep.include({ path: '/bin/sh', args: ['-c', join(places.bin, 'cyr_expire')], ours: false })
  })

  it('tells what is not offered from what is not there', () => {
    expect(service('nntpd -U 30').program).to.deep.equal({ kind: 'notOffered', name: 'nntpd' })
    expect(job('/usr/sbin/cyrus squatter').program).to.deep.equal({ kind: 'notOffered', name: 'squatter' })
    expect(service('no-such-program').program).to.deep.equal({ kind: 'missing', name: 'no-such-program' })
    expect(service('/no/such/program').program.kind).to.equal('missing')
  })

  it('takes other programs as they are, from the PATH too', () => {
    expect(job('true').program).to.include({ kind: 'program', ours: false })
    expect(service('/bin/true').program).to.include({ kind: 'program', path: '/bin/true' })
  })
})
