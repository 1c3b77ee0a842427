/** The traced process: runs one scenario's program, notes going to the notes file. Arguments: scenario root notes seed. */
import { openSync, writeSync } from 'node:fs'
import type { Scenario } from './scenario.js'

const [module = '', root = '', notes = '', seed = '0'] = process.argv.slice(2)
const { scenario } = (await import(module)) as { scenario: Scenario }
const file = openSync(notes, 'a')
await scenario.run(root, (line) => writeSync(file, `${line}\n`), Number(seed))
