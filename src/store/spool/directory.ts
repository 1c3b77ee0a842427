/** Directories whose names are on stable storage. */
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'

/** The names in the directory reach stable storage. */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a directory and those above it, each name on stable storage. */
export function makeDirectories(directory: string): void {
  const first = mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let path = directory; path.length >= first.length; path = join(path, '..')) syncDirectory(path)
  syncDirectory(join(first, '..'))
}
