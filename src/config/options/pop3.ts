/** Options of pop3d. */
import { choice, duration, flag, integer } from '../option.js'

const since = '0.1'

export const pop3Options = {
  popexpiretime: duration({ default: '-1', unit: 'd', since, doc: 'The EXPIRE that CAPA tells; negative is NEVER.' }),
  popminpoll: duration({ default: '0', unit: 'm', since, doc: 'The least time between two sign-ins of one user.' }),
  poppollpadding: integer({ default: 1, min: 1, since, doc: 'Sign-ins a user may save up against popminpoll.' }),
  popsubfolders: flag({ default: false, since, doc: 'user+folder at sign-in opens that folder.' }),
  popuseacl: flag({ default: false, since, doc: 'Ask the ACL also of the own INBOX.' }),
  popuseimapflags: flag({ default: false, since, doc: 'RETR sets \\Seen.' }),
  uidl_format: choice(['uidonly', 'cyrus', 'dovecot', 'courier'], {
    default: 'cyrus',
    since,
    doc: 'The form of UIDL.',
  }),
}
