/** Stage groups: directories below `stage./` in which files wait, safe, until they are linked to their numbered names. */
import { randomInt } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreConfig } from '../config.js'
import { partitionPath } from '../config.js'
import { makeDirectories, syncDirectory } from './directory.js'
import { stageDirectory } from './partition.js'

const groupName = (group: number): string => group.toString(16).padStart(8, '0')

export interface StageGroup {
  readonly group: number
  readonly partition: string
  readonly path: string
}

/** Makes an empty group. Its name is on stable storage only after `syncGroup`. */
export function makeGroup(config: StoreConfig, partition: string): StageGroup {
  const stage = join(partitionPath(config, partition), stageDirectory)
  makeDirectories(stage)
  for (;;) {
    const group = randomInt(1, 0x8000_0000)
    if (findGroup(config, { partition, group })) continue
    const path = join(stage, `${groupName(group)}.${config.owner}`)
    mkdirSync(path, { mode: 0o700 })
    return { group, partition, path }
  }
}

/** The directory of a group, undefined if there is none (any more). */
export function findGroup(
  config: StoreConfig,
  { partition, group }: { readonly partition: string; readonly group: number },
): string | undefined {
  const stage = join(partitionPath(config, partition), stageDirectory)
  const prefix = `${groupName(group)}.`
  return stageEntries(stage)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(stage, name))[0]
}

/** All groups of a partition: number, and the process that made it. */
export function* groupsOf(config: StoreConfig, partition: string): Generator<StageGroup & { readonly owner: string }> {
  const stage = join(partitionPath(config, partition), stageDirectory)
  for (const name of stageEntries(stage)) {
    const match = /^([0-9a-f]{8})\.(.+)$/.exec(name)
    if (match)
      yield { group: Number.parseInt(match[1] ?? '', 16), owner: match[2] ?? '', partition, path: join(stage, name) }
  }
}

function stageEntries(stage: string): string[] {
  try {
    return readdirSync(stage)
  } catch {
    return []
  }
}

/** The names in the group, and its own, reach stable storage. */
export function syncGroup({ path }: StageGroup): void {
  syncDirectory(path)
  syncDirectory(join(path, '..'))
}

export const stagedFile = (group: { readonly path: string }, file: number): string => join(group.path, `${file}`)

/** Puts a message's file into the group: a link where the file system allows it, else a synced copy of the bytes. */
export function stageFile(
  group: StageGroup,
  { file, path, bytes }: { file: number; path: string; bytes: () => Buffer },
): void {
  try {
    linkSync(path, stagedFile(group, file))
  } catch {
    writeSynced(stagedFile(group, file), bytes())
  }
}

export function writeSynced(path: string, bytes: Buffer): void {
  const descriptor = openSync(path, 'w', 0o600)
  try {
    writeFileSync(descriptor, bytes)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function removeGroup(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
