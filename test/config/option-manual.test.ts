/** The manuals made from tables, and that no option is there without doing or admitting something. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { notYet } from '../../src/config/not-yet.js'
import { optionManual } from '../../src/config/option-manual.js'
import { optionTable } from '../../src/config/options.js'
import { eventManual } from '../../src/log/event-manual.js'

const source = resolve(fileURLToPath(new URL('../../../src', import.meta.url)))

/** Options that say all there is to say by being read: fixed facts of this server. */
const said = [
  'sasl_maximum_layer',
  'mupdate_config',
  'search_engine',
  'singleinstancestore',
  'sieve_folder',
  'strict_config',
]

describe('config/option-manual', () => {
  it('describes every option and every event', () => {
    for (const name of Object.keys(optionTable)) expect(optionManual()).to.include(`**${name}** — `)
    expect(eventManual()).to.match(/\| login\.good \| notice \| A user signed in/)
  })

  it('admits of every option that nothing uses it yet', () => {
    const files = (readdirSync(source, { recursive: true }) as string[]).filter(
      (file) => file.endsWith('.ts') && !/^config\/(options|.*manual|upstream|not-yet)/.test(file),
    )
    const words = new Set(files.flatMap((file) => readFileSync(join(source, file), 'utf8').match(/[a-z_0-9]+/g) ?? []))
    const unused = Object.entries(optionTable)
      .filter(([name, { kind }]) => kind === 'option' && !words.has(name) && !said.includes(name))
      .map(([name]) => name)
    expect(unused.filter((name) => !notYet.includes(name))).to.deep.equal([])
  })
})
