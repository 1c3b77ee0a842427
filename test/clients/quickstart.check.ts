/** The quick start, as a newcomer runs it: one command, a message on its way, nothing left running. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { run } from '../support/command.js'

const angarium = fileURLToPath(new URL('../../../bin/angarium', import.meta.url))

describe('quick start', () => {
  it('shows a message on its way, twice', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'quickstart-'))
    try {
      for (const uid of [1, 2]) {
        const { stdout } = await run(process.execPath, [angarium, 'quickstart', '--once', '--dir', directory])
        expect(stdout).to.match(new RegExp(`spool/user/paul/${uid}\\.\n`))
        expect(stdout).to.match(new RegExp(`UID FETCH ${uid} BODY\\[\\] +\\d+ octets, each as in the file`))
      }
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
