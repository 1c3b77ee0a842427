/** Options of Sieve and timsieved. */
import { bits, duration, flag, integer, optionalText, size, text } from '../option.js'

const since = '0.1'

const extensions = [
  ...(['fileinto', 'reject', 'vacation', 'vacation-seconds', 'notify', 'include', 'envelope', 'environment'] as const),
  ...(['body', 'relational', 'regex', 'subaddress', 'copy', 'date', 'index', 'imap4flags', 'mailbox'] as const),
  ...(['mboxmetadata', 'servermetadata', 'variables', 'editheader', 'extlists', 'duplicate', 'ihave'] as const),
  ...(['fcc', 'special-use', 'redirect-dsn', 'redirect-deliverby', 'mailboxid', 'vnd.cyrus.log'] as const),
  ...(['vnd.cyrus.jmapquery', 'processcalendar', 'snooze'] as const),
  ...(['vnd.cyrus.implicit_keep_target', 'vnd.cyrus.redirect-multiple'] as const),
] as const

export const sieveOptions = {
  sievedir: text({ default: '/usr/sieve', since, doc: 'The directory of Sieve scripts.' }),
  sieveusehomedir: flag({ default: false, since, doc: 'Look for .sieve in the home directory instead.' }),
  sieve_extensions: bits(extensions, {
    default: extensions,
    spellings: {
      imapflags: 'imap4flags',
      'x-cyrus-log': 'vnd.cyrus.log',
      'x-cyrus-jmapquery': 'vnd.cyrus.jmapquery',
      'vnd.cyrus.imip': 'processcalendar',
      'vnd.cyrus.snooze': 'snooze',
      'x-cyrus-snooze': 'snooze',
    },
    since,
    doc: 'Extensions that new scripts may use.',
  }),
  sieve_maxscriptsize: size({ default: '32K', unit: 'k', since, doc: 'The largest script.' }),
  sieve_maxscripts: integer({ default: 5, min: 0, since, doc: 'The most scripts of one user.' }),
  sieve_utf8fileinto: flag({ default: false, since, doc: 'Folder names in scripts are UTF-8, not modified UTF-7.' }),
  rfc3028_strict: flag({ default: true, since, doc: 'Refuse address tests of headers that hold no addresses.' }),
  anysievefolder: flag({ default: false, since, doc: 'fileinto makes missing folders.' }),
  autosievefolders: text({ default: '', since, doc: 'Folders that fileinto may make, divided by |.' }),
  sievenotifier: optionalText({ since, doc: 'The method of notify where the script names none.' }),
  sieve_folder: text({ default: '#sieve', since, doc: 'Name of the folder of scripts; files are used here.' }),
  sieve_allowreferrals: flag({ default: true, since, doc: 'Send clients to the server of their scripts.' }),
  sieve_use_lmtp_reject: flag({ default: true, since, doc: 'reject answers on LMTP instead of sending a mail.' }),
  sieve_duplicate_max_expiration: duration({
    default: '90d',
    unit: 's',
    since,
    doc: 'The longest memory of duplicate.',
  }),
  sieve_vacation_min_response: duration({ default: '3d', unit: 's', since, doc: 'The least time between answers.' }),
  sieve_vacation_max_response: duration({ default: '90d', unit: 's', since, doc: 'The most time between answers.' }),
  sieve_sasl_send_unsolicited_capability: flag({ default: true, since, doc: 'Tell capabilities after a SASL layer.' }),
}
