/** mbpath: from a mailbox's name to its directories. mbpath(8) */
import { join } from 'node:path'
import type { Options } from '../config/options.js'
import { componentsOf, domainOf, type InternalName, inboxOf, inboxOfUser, ownerOf } from '../store/mailbox-name.js'
import { mailboxDirectory, sieveDirectory, userDirectory } from '../store/spool/partition.js'
import type { MailboxEntry } from '../store/types.js'
import { readMailboxArgument } from './mailbox-argument.js'
import { EX_DATAERR, EX_USAGE, type StoreTool, type ToolRun } from './store-tool.js'

/** What one mailbox has where; absolute. */
type Paths = {
  readonly archive: string
  readonly data: string
  readonly meta: string
  readonly sieve: string
  readonly user: string
}

/** Letters that choose, with the prefix that -a prints. -m is the old spelling of -M. */
const selectors = [
  ['A', 'Archive', 'archive'],
  ['D', 'Data', 'data'],
  ['M', 'Meta', 'meta'],
  ['S', 'Sieve', 'sieve'],
  ['U', 'User', 'user'],
] as const

export const mbpathTool: StoreTool = {
  name: 'mbpath',
  letters: 'lmqsupaADMSUj7',
  usage: 'usage: mbpath [-C <alt_config>] [-l] [-m] [-q] [-s] [-u|p] [-a|A|D|M|S|U|j] <mailbox name>...',
  long: { '--json': '-j' },
  run(run) {
    const chosen = selectors.filter(([letter]) => run.has(letter) || (letter === 'M' && run.has('m')))
    if (run.flags.rest.length === 0 || chosen.length + (run.has('a') ? 1 : 0) + (run.has('j') ? 1 : 0) > 1) {
      run.error(run.flags.rest.length === 0 ? mbpathTool.usage : 'ERROR: Duplicate selectors given')
      return EX_USAGE
    }
    let status = 0
    for (const word of run.flags.rest) {
      const entry = find(run, word)
      if (entry) show(run, entry, chosen[0]?.[2] ?? 'data')
      else status = EX_DATAERR
      if (!entry && !run.has('q')) run.error(`Invalid mailbox name: '${word}'`)
      if (!entry && run.has('s')) break
    }
    return status
  },
}

function find({ store, options, has }: ToolRun, word: string): MailboxEntry | undefined {
  if (has('p')) return store.read((view) => [...view.list('')].find((entry) => isAt(entry, word, options)))
  const name = has('u') ? inboxOfUser(word, options) : readMailboxArgument(word, options)
  return name && store.read((view) => view.lookup(name))
}

/** Whether the mailbox lies in that directory, absolute or below its partition. */
function isAt({ partition, directory }: MailboxEntry, path: string, { partitions }: Options): boolean {
  const wanted = path.replace(/\/+$/, '')
  return wanted === directory || wanted === join(partitions.get(partition) ?? '', directory)
}

function show(run: ToolRun, entry: MailboxEntry, selector: keyof Paths): void {
  const paths = pathsOf(entry, run.options)
  if (run.has('j')) run.out(JSON.stringify(asJson(entry.name, paths, run.options), undefined, 2))
  else if (run.has('a')) for (const [, title, key] of selectors) run.out(`${title}: ${paths[key]}`)
  else run.out(paths[selector])
}

function pathsOf({ name, partition, directory }: MailboxEntry, options: Options): Paths {
  const data = join(options.partitions.get(partition) ?? '', directory)
  const meta = options.metapartitions.get(partition)
  const sieve = sieveDirectory(name, options)
  const user = userDirectory(name, options)
  return {
    archive: data,
    data,
    meta: meta === undefined ? data : join(meta, mailboxDirectory(name, options)),
    sieve: join(options.sievedir, sieve ?? 'global'),
    user: user === undefined ? options.configdirectory : join(options.configdirectory, user),
  }
}

/** As Cyrus prints it, keys in order of the alphabet. */
function asJson(name: InternalName, { archive, data, meta, sieve, user }: Paths, options: Options): object {
  const domain = domainOf(name)
  const owner = ownerOf(name)
  const localpart = domain === undefined ? owner : owner?.slice(0, -domain.length - 1)
  const boxes = componentsOf(name).slice(inboxOf(name) === undefined ? 0 : 2)
  const mbname = {
    boxes: options.unixhierarchysep ? boxes.map((box) => box.replaceAll('^', '.')) : boxes,
    ...(domain === undefined ? {} : { domain }),
    intname: name,
    ...(owner === undefined ? {} : { localpart, userid: owner }),
  }
  if (owner === undefined) return { archive, data, mbname, meta }
  const file = (kind: string) => [kind, join(user, `${localpart}.${kind}`)] as const
  const files = ['conversations', 'counters', 'dav', 'seen', 'sub', 'xapianactive'].map(file)
  const sorted = [...files, ['sieve', sieve] as const].sort(([a], [b]) => (a < b ? -1 : 1))
  return { archive, data, mbname, meta, user: Object.fromEntries(sorted), xapian: {} }
}
