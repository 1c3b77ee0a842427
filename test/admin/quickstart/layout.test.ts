// The quick start's directory: files from the samples, free ports, accounts that stay.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { accountsOf, prepare } from '../../../src/admin/quickstart/layout.js'

const samples = fileURLToPath(new URL('../../../../conf', import.meta.url))

describe('quick start', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'quickstart-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('writes both files for its own directory and free ports', async () => {
    const taken = await listen(1143)
    const layout = await prepare(directory, samples)
    taken?.close()
    expect(layout.ports.imap).to.be.greaterThan(1143)
    const imapd = readFileSync(layout.imapdConf, 'utf8')
    const cyrus = readFileSync(layout.cyrusConf, 'utf8')
    expect(imapd).to.contain(`configdirectory: ${directory}/config\n`)
    expect(cyrus).to.contain(`listen="127.0.0.1:${layout.ports.imap}"`)
    expect(cyrus).to.contain(`smtpdoor -l 127.0.0.1:${layout.ports.smtp}"`)
    expect(imapd + cyrus).not.to.contain('/srv/angarium/')
  })

  it('keeps its accounts, for the owner alone', () => {
    const first = accountsOf(directory, ['cyrus', 'paul'])
    expect(accountsOf(directory, ['cyrus', 'paul'])).to.deep.equal(first)
    expect(first[0]?.password).to.match(/^[\w-]{12}$/)
    expect(statSync(join(directory, 'accounts')).mode & 0o777).to.equal(0o600)
  })
})

/** Undefined: somebody else has it, which is as good. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
