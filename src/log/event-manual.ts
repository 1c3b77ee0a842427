/** The manual of the log events, made from their table. */
import { events } from './events.js'

/** Markdown: every event, sorted by name. */
export function eventManual(): string {
  const entries = Object.entries(events).sort(([one], [other]) => (one < other ? -1 : 1))
  return [
    '# Log events',
    '',
    'Made by `angarium manual events`. One event is one line; with `log_format: json` it is one JSON object whose field',
    '`event` holds the name below, beside the fields of the event and its text.',
    '',
    '| event | level | meaning |',
    '| --- | --- | --- |',
    ...entries.map(([name, { level, doc }]) => `| ${name} | ${level} | ${doc} |`),
    '',
  ].join('\n')
}
