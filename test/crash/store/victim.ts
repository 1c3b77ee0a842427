/** A process that runs a program of changes and dies at its N-th step. Arguments: root notes seed length stepToDieAt. */
import { openSync, writeSync } from 'node:fs'
import { openDirect } from './direct.js'
import { makeProgram } from './program.js'

const [root = '', notes = '', seed = '0', length = '0', dieAt = '0'] = process.argv.slice(2)
const file = openSync(notes, 'a')
const note = (line: string): number => writeSync(file, `${line}\n`)
let steps = 0
let current = 'start'

/** Each step is noted before it is taken, so that a run to the end tells where one can die. */
function step(name: string): void {
  steps++
  if (Number(dieAt) === 0) note(`step ${steps} ${current} ${name}`)
  else if (steps === Number(dieAt)) process.kill(process.pid, 'SIGKILL')
}

const store = await openDirect({ root, step })
for (const [number, change] of makeProgram(Number(seed), Number(length)).entries()) {
  current = change.kind
  note(`begin ${number}`)
  note(`end ${number} ${await store.apply(change)}`)
}
current = 'stop'
await store.close()
