/** Events that any program has. */
import { errorLine, event } from '../event.js'

export const generalEvents = {
  bug: event({
    level: 'err',
    doc: 'Something happened that the code does not allow for: please report it.',
    text: ({ doing, error }: { doing: string; error: unknown }) => `ERROR: ${doing}: ${errorLine(error)}`,
  }),
  'io.error': event({
    level: 'err',
    doc: 'A file or directory could not be used.',
    text: ({ doing, path, error }: { doing: string; path: string; error: unknown }) =>
      `IOERROR: ${doing} ${path}: ${error instanceof Error ? error.message : String(error)}`,
  }),
  'db.error': event({
    level: 'err',
    doc: 'The index or another database could not be used.',
    text: ({ doing, error }: { doing: string; error: unknown }) => `DBERROR: ${doing}: ${errorLine(error)}`,
  }),
  'log.dropped': event({
    level: 'warning',
    doc: 'Lines were lost because they could not be written fast enough.',
    text: ({ lines }: { lines: number }) => `${lines} log lines were lost: the log could not be written fast enough`,
  }),
  error: event({
    level: 'err',
    doc: 'An error in plain words.',
    text: ({ text }: { text: string }) => `ERROR: ${text}`,
  }),
  warning: event({ level: 'warning', doc: 'A warning in plain words.', text: ({ text }: { text: string }) => text }),
  notice: event({ level: 'notice', doc: 'A notice in plain words.', text: ({ text }: { text: string }) => text }),
  info: event({ level: 'info', doc: 'What was done, in plain words.', text: ({ text }: { text: string }) => text }),
  debug: event({ level: 'debug', doc: 'For developers; with debug: yes.', text: ({ text }: { text: string }) => text }),
}
