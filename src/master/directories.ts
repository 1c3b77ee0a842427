/** The directories that master makes, and those it must never touch. */
import { accessSync, chownSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from '../config/identity.js'
import type { Options } from '../config/options.js'
import type { ConfigProblem } from '../config/problem.js'

/** Directories of a partition that are looked into for the files of a real Cyrus. */
const mostLookedInto = 2000
const deepest = 4

function findIndex(directory: string): string | undefined {
  const open = [{ path: directory, depth: 0 }]
  for (let looked = 0; looked < mostLookedInto; looked++) {
    const next = open.shift()
    if (!next) return undefined
    try {
      for (const entry of readdirSync(next.path, { withFileTypes: true })) {
        if (entry.name === 'cyrus.index') return join(next.path, entry.name)
        if (entry.isDirectory() && next.depth < deepest)
          open.push({ path: join(next.path, entry.name), depth: next.depth + 1 })
      }
    } catch {
      // What cannot be read is not ours to judge.
    }
  }
  return undefined
}

/** What a real Cyrus has left in these directories, unless our own index is there. */
export function usedByCyrus(options: Pick<Options, 'configdirectory' | 'partitions'>): string | undefined {
  if (existsSync(join(options.configdirectory, 'db', 'index'))) return undefined
  const list = join(options.configdirectory, 'mailboxes.db')
  if (existsSync(list)) return list
  for (const directory of options.partitions.values()) {
    const found = findIndex(directory)
    if (found) return found
  }
  return undefined
}

export function cyrusProblem(file: string, found: string): ConfigProblem {
  const text = `${found} belongs to a Cyrus server, and its store is never written; give Angarium directories of its own and copy the mail over IMAP (docs/migration.md)`
  return { level: 'error', file, line: 0, text }
}

/** Makes a directory and what is missing above it; what was made belongs to the account. */
function make(path: string, account: Account | undefined): void {
  const missing: string[] = []
  for (let at = path; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at)
  for (const directory of missing) {
    mkdirSync(directory, { mode: 0o750 })
    if (account) chownSync(directory, account.uid, account.gid)
  }
}

/** Makes what is missing. @throws the error of the system, whose message names the path */
export function makeDirectories(options: Options, account: Account | undefined): void {
  const below = ['socket', 'log', 'msg'].map((name) => join(options.configdirectory, name))
  const places = [...options.partitions.values(), ...options.metapartitions.values()]
  for (const path of [options.configdirectory, ...below, options.proc_path, ...places]) make(path, account)
}

/** Which of them this process, no longer root, cannot write. */
export function unwritable(options: Options): string[] {
  return [options.configdirectory, ...options.partitions.values()].filter((path) => {
    try {
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
      return false
    } catch {
      return true
    }
  })
}
