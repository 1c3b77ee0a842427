/** Names under which a file is written before it gets its own, and removing those that a dead process left. */
import { readdirSync, unlinkSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isAlive } from '../config.js'

/** `path.new.OWNER`: of one process alone. */
export const temporaryName = (path: string, owner: string): string => `${path}.new.${owner}`

/** The process that writes, or wrote, under that name; undefined for other names. */
export function temporaryOwner(path: string): string | undefined {
  return /\.new\.(\d+\.\d+\.[0-9a-z-]+)$/.exec(basename(path))?.[1]
}

/** Removes the temporary files in a directory that dead processes left, as `ownerOf` knows them by name. */
export function removeLeftovers(
  directory: string,
  ownerOf: (file: string) => string | undefined = temporaryOwner,
): void {
  for (const file of namesIn(directory)) {
    const owner = ownerOf(file)
    if (owner === undefined || isAlive(owner)) continue
    try {
      unlinkSync(join(directory, file))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}
