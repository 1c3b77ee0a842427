/** ctl_cyrusdb: -r makes the store whole before the server starts, -c makes a checkpoint while it runs. ctl_cyrusdb(8) */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getopt, lastOf } from '../config/getopt.js'
import { defaultImapdConf, readImapdConf } from '../config/imapd-conf.js'
import { EX_CONFIG, isError, problemLine } from '../config/problem.js'
import { indexDirectory, type StoreConfig, storeConfig } from '../store/config.js'
import { openStore } from '../store/mail-store.js'
import { makeCheckpoint } from '../store/repair/checkpoint.js'
import { canRebuild, rebuildIndex } from '../store/repair/rebuild.js'
import { EX_TEMPFAIL, EX_USAGE, type Output } from './store-tool.js'

const usage = `ctl_cyrusdb [-C <altconfig>] -c
ctl_cyrusdb [-C <altconfig>] -r [-x]`

const probe = fileURLToPath(new URL('./index-probe.js', import.meta.url))

/** The exit status. */
export async function ctlCyrusdb(args: readonly string[], output: Output): Promise<number> {
  const flags = getopt(args, 'C:crx')
  const has = (letter: string): boolean => flags.given.has(letter)
  if (flags.problem !== undefined || flags.rest.length > 0 || has('c') === has('r')) {
    if (flags.problem !== undefined) output.error(`ctl_cyrusdb: ${flags.problem}`)
    output.error(usage)
    return EX_USAGE
  }
  const { values, problems } = readImapdConf(lastOf(flags, 'C') ?? defaultImapdConf)
  const errors = problems.filter(isError)
  for (const problem of errors) output.error(problemLine(problem))
  if (errors.length > 0) return EX_CONFIG
  const say = (line: string): void => output.error(`ctl_cyrusdb: ${line}`)
  try {
    output.become?.(values)
    if (has('c')) await checkpoint(storeConfig(values), say)
    else await recoverStore(storeConfig(values), say)
    return 0
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return EX_TEMPFAIL
  }
}

async function checkpoint(config: StoreConfig, say: (line: string) => void): Promise<void> {
  const store = await openStore({ config, writer: 'inline', report: say })
  try {
    await makeCheckpoint(config, store.workshop.environment)
  } finally {
    await store.close()
  }
}

/** A sound index is completed where a crash left it; a lost or damaged one is made again. */
async function recoverStore(config: StoreConfig, say: (line: string) => void): Promise<void> {
  const wrong = damageOf(config)
  if (wrong !== undefined) {
    say(wrong)
    await rebuildIndex(config, say)
  }
  const store = await openStore({ config, writer: 'inline', report: say })
  await store.close()
}

/** What is wrong with the index; undefined when it is sound, or new. */
function damageOf(config: StoreConfig): string | undefined {
  const directory = indexDirectory(config)
  if (!existsSync(join(directory, 'data.mdb')))
    return canRebuild(config)
      ? `there is no index at ${directory}, and there are mailboxes: it is made again`
      : undefined
  // In a process of its own: LMDB may die of what it reads.
  const { status, signal, stderr } = spawnSync(process.execPath, [probe, directory], { encoding: 'utf8' })
  if (status === 0) return undefined
  const why = signal ? `reading it ends with ${signal}` : stderr.trim().split('\n').at(-1)
  return `the index at ${directory} is damaged (${why}): it is made again`
}
