// ctl_mboxlist -v: mailboxes without a directory, and directories with a header that no mailbox has. Reads only.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { headerFile } from '../store/spool/partition.js'
import type { ToolRun } from './store-tool.js'

/** One line for each finding. */
export function* verifySpool({ store, options }: ToolRun): Generator<string> {
  const known = new Set<string>()
  for (const { name, partition, directory, moving } of store.read((view) => [...view.list('')])) {
    for (const place of moving ? [{ partition, directory }, moving] : [{ partition, directory }])
      known.add(join(options.partitions.get(place.partition) ?? '', place.directory))
    const path = join(options.partitions.get(partition) ?? '', directory)
    if (!existsSync(path) && !moving)
      yield `'${name}' has a DB entry but no directory on partition '${partition}' (${path})`
  }
  for (const [partition, root] of options.partitions)
    for (const path of withHeader(root))
      if (!known.has(path)) yield `'${path}' on partition '${partition}' has a cyrus.header but no DB entry`
}

/** Directories below `root` that hold a mailbox's header; names that end with a dot are ours, not mailboxes'. */
function* withHeader(root: string): Generator<string> {
  const waiting = [root]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    let names: { name: string; isDirectory(): boolean }[]
    try {
      names = readdirSync(path, { withFileTypes: true })
    } catch {
      continue
    }
    if (names.some(({ name }) => name === headerFile)) yield path
    for (const one of names) if (one.isDirectory() && !one.name.endsWith('.')) waiting.push(join(path, one.name))
  }
}
