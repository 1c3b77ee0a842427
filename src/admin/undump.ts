// Reading a dumped mailbox list back: mailboxes that are missing are made, ACLs become those of the dump. Nothing is removed.
import { readAcl } from '../store/acl.js'
import { compareNames, type InternalName, readInternalName } from '../store/mailbox-name.js'
import { system } from '../store/types.js'
import type { DumpedMailbox } from './mailbox-dump.js'
import type { ToolRun } from './store-tool.js'

/** The exit status. With -n only says what would be done. @throws StoreError */
export async function undump(run: ToolRun, dumped: readonly DumpedMailbox[]): Promise<number> {
  const known = new Map<InternalName, DumpedMailbox>()
  for (const one of dumped) {
    const name = readInternalName(one.name)
    if (name !== undefined) known.set(name, one)
  }
  for (const name of [...known.keys()].sort(compareNames)) {
    const one = known.get(name)
    if (one) await restore(run, name, one)
  }
  return 0
}

async function restore(run: ToolRun, name: InternalName, { partition, acl }: DumpedMailbox): Promise<void> {
  const dry = run.has('n')
  const there = run.store.read((view) => view.lookup(name))
  if (there === undefined) {
    const place = run.options.partitions.has(partition) ? { partition } : {}
    if (partition !== '' && place.partition === undefined)
      run.error(`${name}: partition ${partition} is unknown here, the default one is used`)
    run.out(`${name}: ${dry ? 'would be created' : 'created'}`)
    if (!dry) await run.store.change({ kind: 'createMailbox', as: system, name, acl, ...place })
    return
  }
  const wanted = new Map(readAcl(acl).map(({ identifier, rights }) => [identifier, rights]))
  const present = new Map(readAcl(there.acl).map(({ identifier, rights }) => [identifier, rights]))
  for (const identifier of new Set([...wanted.keys(), ...present.keys()])) {
    const rights = wanted.get(identifier) ?? ''
    if (rights === (present.get(identifier) ?? '')) continue
    run.out(`${name}: ${dry ? 'would give' : 'gave'} ${identifier} ${rights === '' ? 'no rights' : rights}`)
    if (!dry) await run.store.change({ kind: 'setAcl', as: system, name, identifier, rights })
  }
}
