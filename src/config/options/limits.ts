/** Options that bound what a client may send and how long it may wait. */
import { duration, flag, integer, size } from '../option.js'

const since = '0.1'

export const limitOptions = {
  timeout: duration({ default: '32m', unit: 'm', since, doc: 'Idle time after which an IMAP client is logged out.' }),
  poptimeout: duration({ default: '10m', unit: 'm', since, doc: 'Idle time after which a POP3 client is logged out.' }),
  imapidletimeout: duration({
    default: '0',
    unit: 'm',
    since,
    doc: 'The same during IDLE; 0 is the value of timeout.',
  }),
  lmtp_timeout: duration({ default: '6m', unit: 'm', since, doc: 'Idle time after which an LMTP client is cut off.' }),
  lmtptxn_timeout: duration({ default: '5m', unit: 's', since, doc: 'How long to wait for another LMTP server.' }),
  client_timeout: duration({ default: '10s', unit: 's', since, doc: 'How long to wait for a connection to a server.' }),
  maxmessagesize: size({ default: '0', unit: 'b', since, doc: 'The largest message that is accepted; 0 is no limit.' }),
  maxliteral: size({ default: '128K', unit: 'b', since, doc: 'The largest literal outside APPEND; 0 is no limit.' }),
  maxquoted: size({ default: '128K', unit: 'b', since, doc: 'The longest quoted string; 0 is no limit.' }),
  maxword: size({ default: '128K', unit: 'b', since, doc: 'The longest word of a command; 0 is no limit.' }),
  maxargssize: size({ default: '0', unit: 'b', since, doc: 'The longest command without literals; 0 is 8 MiB.' }),
  maxheaderlines: integer({ default: 1000, min: 0, since, doc: 'The most header lines of a message; 0 is no limit.' }),
  boundary_limit: integer({ default: 1000, min: 1, since, doc: 'The most MIME parts that are looked at.' }),
  rfc2046_strict: flag({ default: false, since, doc: 'Take only the exact boundary as the end of a part.' }),
  mailbox_maxmessages_email: integer({ default: 0, min: 0, since, doc: 'Messages per mailbox; 0 is no limit.' }),
}
