/** Checkpoints: consistent copies of the index made while the server runs, the two newest kept. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '../../db/environment.js'
import { indexDirectory, type StoreConfig } from '../config.js'
import { StoreError } from '../errors.js'
import { syncDirectory } from '../spool/directory.js'

/** The newest first. */
export function checkpointDirectories({ configDirectory }: StoreConfig): string[] {
  return [join(configDirectory, 'db.backup1'), join(configDirectory, 'db.backup2')]
}

export const indexOfCheckpoint = (directory: string): string => join(directory, 'index')

/** Free space that must be left after the copy, octets. */
const reserve = 64 * 1024 * 1024

/** @throws StoreError diskFull when space is short; Error of the disk. A checkpoint that was not finished is never taken for one. */
export async function makeCheckpoint(config: StoreConfig, environment: Environment): Promise<void> {
  const [first = '', second = ''] = checkpointDirectories(config)
  const { size } = statSync(join(indexDirectory(config), 'data.mdb'))
  const { bavail, bsize } = statfsSync(config.configDirectory)
  if (bavail * bsize < size + reserve)
    throw new StoreError(
      'diskFull',
      `A checkpoint of ${size} octets does not fit into ${config.configDirectory}: make room there`,
    )
  const unfinished = `${first}.new`
  rmSync(unfinished, { recursive: true, force: true })
  const index = indexOfCheckpoint(unfinished)
  mkdirSync(index, { recursive: true, mode: 0o700 })
  await environment.backup(index)
  const copy = join(index, 'data.mdb')
  const descriptor = openSync(copy, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
  syncDirectory(index)
  syncDirectory(unfinished)
  if (existsSync(first)) {
    rmSync(second, { recursive: true, force: true })
    renameSync(first, second)
  }
  renameSync(unfinished, first)
  syncDirectory(config.configDirectory)
}
