/** Options of what is written about the work: log, audit, traces. */
import { choice, flag, optionalText } from '../option.js'

const since = '0.1'

export const logOptions = {
  syslog_prefix: optionalText({ since, doc: 'Log as PREFIX/service instead of the program name.' }),
  syslog_facility: choice(
    [
      ...['daemon', 'mail', 'news', 'user'],
      ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
    ],
    { default: 'local6', since, doc: 'The facility of syslog lines.' },
  ),
  log_format: choice(['text', 'json'], {
    default: 'text',
    since,
    doc: 'The form of lines on stderr: as in syslog, or one JSON object a line.',
  }),
  auditlog: flag({ default: false, since, doc: 'Log each change of the store, with the session that made it.' }),
  chatty: flag({ default: false, since, doc: 'Log tags and commands of all IMAP commands, and all RCPT results.' }),
  logtimestamps: flag({ default: false, since, doc: 'Put times into the telemetry log.' }),
  telemetry_bysessionid: flag({ default: false, since, doc: 'Name telemetry files by session id, not process id.' }),
}
