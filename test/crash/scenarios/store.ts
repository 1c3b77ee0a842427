/** Power cuts under the store: a random program of changes, journal, message files, renames and links included. */

import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { bootId } from '../../../src/store/config.js'
import type { Scenario } from '../power/scenario.js'
import { makeRoot, openDirect } from '../store/direct.js'
import { inspect, judge } from '../store/judge.js'
import { makeProgram } from '../store/program.js'

const length = 60

export const scenario: Scenario = {
  mapped: ['lock.mdb'],

  async prepare(root) {
    makeRoot(root)
  },

  async run(root, note, seed) {
    const store = await openDirect({ root })
    for (const [number, step] of makeProgram(seed, length).entries()) {
      note(`begin ${number}`)
      note(`end ${number} ${await store.apply(step)}`)
    }
    await store.close()
  },

  async check(root, notes, seed) {
    // A power cut ends the boot that wrote the cache.
    const cache = join(root, 'conf', 'db', 'cache')
    if (existsSync(join(cache, bootId()))) renameSync(join(cache, bootId()), join(cache, 'an-earlier-boot'))
    const store = await openDirect({ root })
    try {
      return [...judge(store, makeProgram(seed, length), notes), ...inspect(store)]
    } finally {
      await store.abandon()
    }
  },
}
