/** Options of imapd. */
import { duration, flag, ignored, text, words } from '../option.js'

const since = '0.1'

export const imapOptions = {
  imapidlepoll: duration({
    default: '60s',
    unit: 's',
    since,
    doc: 'How often IDLE looks for news where idled does not run; 0 turns IDLE off.',
  }),
  imapidresponse: flag({ default: true, since, doc: 'Answer ID with name and version.' }),
  imapmagicplus: flag({ default: false, since, doc: 'user+folder at sign-in shows only that folder as INBOX.' }),
  literalminus: flag({ default: false, since, doc: 'Offer LITERAL- instead of LITERAL+.' }),
  suppress_capabilities: words({ default: '', since, doc: 'Capabilities not to name.' }),
  ignorereference: flag({ default: false, since, doc: 'Ignore the reference name of LIST.' }),
  foolstupidclients: flag({ default: false, since, doc: 'LIST "*" shows only the own folders.' }),
  specialusealways: flag({ default: true, since, doc: 'LIST always shows special uses.' }),
  specialuse_extra: words({ default: '', since, doc: 'Special uses beyond those of the standard.' }),
  specialuse_protect: words({
    default: '\\Archive \\Drafts \\Important \\Junk \\Sent \\Scheduled \\Snoozed \\Trash',
    since,
    doc: 'Special uses whose mailboxes cannot be deleted.',
  }),
  specialuse_nochildren: words({ default: '\\Scheduled \\Snoozed', since, doc: 'Special uses that have no folders.' }),
  allowspecialusesubfolder: flag({ default: false, since, doc: 'Special uses also on folders of folders.' }),
  flushseenstate: ignored({ since, doc: 'Seen state is always written at once.' }),
  disconnect_on_vanished_mailbox: flag({
    default: false,
    since,
    doc: 'End a session whose mailbox was deleted, instead of showing it empty.',
  }),
  statuscache: ignored({ since, doc: 'STATUS is one record already.' }),
  singleinstancestore: flag({ default: true, since, doc: 'Link the file of one message into several mailboxes.' }),
  annotation_definitions: text({ default: '', since, doc: 'A file that defines annotations.' }),
  annotation_allow_undefined: flag({ default: false, since, doc: 'Allow annotations nobody defined.' }),
  conversations: flag({ default: false, since, doc: 'Keep conversations of messages.' }),
}
