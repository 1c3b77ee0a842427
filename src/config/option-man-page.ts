/** imapd.conf(5), made from the tables of the options. */
import { notYet } from './not-yet.js'
import type { Option, OptionTable } from './option.js'
import { optionTable } from './options.js'

const kinds: Record<Option<unknown>['type'], string> = {
  flag: 'yes or no',
  integer: 'a number',
  duration: 'a duration',
  size: 'a size',
  choice: 'one of',
  bits: 'any of',
  words: 'words',
  text: 'text',
}

const head = `.\\" Made by: angarium manual imapd.conf
.Dd November 21, 2026
.Dt IMAPD.CONF 5
.Os Angarium
.Sh NAME
.Nm imapd.conf
.Nd how the services of Angarium behave
.Sh DESCRIPTION
Lines are
.Ar option : value ;
.Ar service_option : value
is for one service of
.Xr cyrus.conf 5
only.
A # at the beginning of a line makes it a comment.
Durations are 90s, 5m, 1h30m, 7d, sizes 128K, 10M, 2G.
.Li @include: Ar file
includes a file,
.Li partition- Ns Ar name : directory
names a place for mail.
.Li cyr_info conf-lint
shows every mistake at once.
.Sh OPTIONS
.Bl -tag -width Ds`

const foot = `.El
.Sh FILES
.Bl -tag -width /etc/imapd.conf -compact
.It Pa /etc/imapd.conf
unless
.Fl C
names another
.El
.Sh DIFFERENCES FROM CYRUS
Every option that Cyrus knows is accepted; what has no effect here says so above.
.Sh SEE ALSO
.Xr master 8 ,
.Xr cyrus.conf 5 ,
.Xr cyr_info 8
`

/** A line of text that no formatter takes for a request or an escape. */
function line(text: string): string {
  const plain = text.replaceAll('\\', '\\e')
  return /^[.']/.test(plain) ? `\\&${plain}` : plain
}

function entryLines(name: string, entry: OptionTable[string]): string[] {
  const item = `.It Va ${name}`
  if (entry.kind === 'renamed') return [item, `The old name of ${entry.to}.`]
  if (entry.kind === 'ignored') return [item, 'Accepted, without effect:', line(entry.doc)]
  const allowed = entry.allowed ? ` ${entry.allowed.join(', ')}` : ''
  const initial = entry.default === undefined || entry.default === '' ? 'unset' : entry.default
  const later = notYet.includes(name) ? ['Without effect yet.'] : []
  return [item, line(`${kinds[entry.type]}${allowed}; ${initial}`), '.br', line(entry.doc), ...later]
}

/** mdoc: every option, sorted by name. */
export function optionManPage(): string {
  const entries = Object.entries(optionTable).sort(([one], [other]) => (one < other ? -1 : 1))
  return [head, ...entries.flatMap(([name, entry]) => entryLines(name, entry)), foot].join('\n')
}
