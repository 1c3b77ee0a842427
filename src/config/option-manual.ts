/** The manual of the options, made from their tables. */
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

function entryText(name: string, entry: OptionTable[string]): string {
  if (entry.kind === 'renamed') return `**${name}** — the old name of \`${entry.to}\`.`
  if (entry.kind === 'ignored') return `**${name}** — accepted, without effect: ${entry.doc}`
  const allowed = entry.allowed ? ` \`${entry.allowed.join('` `')}\`` : ''
  const initial = entry.default === undefined || entry.default === '' ? 'unset' : `\`${entry.default}\``
  const later = notYet.includes(name) ? ' *Without effect yet.*' : ''
  return `**${name}** — ${kinds[entry.type]}${allowed}; ${initial}. ${entry.doc}${later}`
}

/** Markdown: every option, sorted by name. */
export function optionManual(): string {
  const entries = Object.entries(optionTable).sort(([one], [other]) => (one < other ? -1 : 1))
  return [
    '# imapd.conf: the options',
    '',
    'Made by `angarium manual options`. Lines are `option: value`; `SERVICE_option: value` is for one service of cyrus.conf',
    'only. Durations are `90s`, `5m`, `1h30m`, `7d`, sizes `128K`, `10M`, `2G`. `@include: FILE` includes a file,',
    '`partition-NAME: DIRECTORY` names a place for mail. `cyr_info conf-lint` shows every mistake at once.',
    '',
    ...entries.map(([name, entry]) => `${entryText(name, entry)}\n`),
  ].join('\n')
}
