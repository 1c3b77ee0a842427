// A dumped mailbox list as values: the JSON of ctl_mboxlist -d, and the lines of releases before it.
import { formatAcl } from '../store/acl.js'

export type DumpedMailbox = {
  /** Internal name; not checked. */
  readonly name: string
  readonly partition: string
  /** Text form. */
  readonly acl: string
}

/** The mailboxes, or what is wrong with the text. Forms are told apart by the first character; `legacy` demands the old one. */
export function readMailboxDump(text: string, { legacy }: { legacy: boolean }): DumpedMailbox[] | string {
  if (!legacy && text.trimStart().startsWith('{')) return readJson(text)
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const read = lines.map(readLine)
  const bad = read.indexOf(undefined)
  return bad >= 0 ? `line ${bad + 1}: expected a name, a partition and an ACL` : read.filter((one) => one !== undefined)
}

function readJson(text: string): DumpedMailbox[] | string {
  let whole: unknown
  try {
    whole = JSON.parse(text)
  } catch (error) {
    return `this is no dump of ctl_mboxlist -d: ${error instanceof Error ? error.message : String(error)}`
  }
  if (!isObject(whole)) return 'this is no dump of ctl_mboxlist -d: it is no object'
  const mailboxes: DumpedMailbox[] = []
  for (const [name, value] of Object.entries(whole)) {
    if (!isObject(value) || !isObject(value['acl'] ?? {})) return `${name}: expected an object with partition and acl`
    const acl = Object.entries(isObject(value['acl']) ? value['acl'] : {})
    const entries = acl.map(([identifier, rights]) => ({ identifier, rights: String(rights) }))
    mailboxes.push({ name, partition: String(value['partition'] ?? ''), acl: formatAcl(entries) })
  }
  return mailboxes
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `name TAB [type SP] partition SP acl`, or with white space between all three: the ACL's own tabs are the last ones. */
function readLine(line: string): DumpedMailbox | undefined {
  const [, name, partition, acl = ''] =
    /^([^\t]+)\t(?:\d+ )?(\S+)(?:[ \t](.*))?$/.exec(line) ?? /^(\S+) (\S+)(?: (.*))?$/.exec(line) ?? []
  if (name === undefined || partition === undefined) return undefined
  const text = acl
    .trim()
    .split(/[\t ]+/)
    .join('\t')
  return { name, partition, acl: text === '' ? '' : `${text}\t` }
}
