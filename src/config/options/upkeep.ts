/** Options of upkeep and of what stands beside the store: expiry, search, replication. */
import { choice, duration, flag, optionalText, size, words } from '../option.js'

const since = '0.1'

export const upkeepOptions = {
  expire_by_savedate: flag({ default: false, since, doc: 'Expire by the date of arrival in the mailbox.' }),
  expire_keep_flagged: flag({ default: false, since, doc: 'Never expire flagged messages.' }),
  archive_enabled: flag({ default: false, since, doc: 'Move old messages to another partition.' }),
  archive_after: duration({ default: '7d', unit: 'd', since, doc: 'The age of messages that move.' }),
  search_engine: choice(['none', 'squat', 'xapian'], {
    default: 'none',
    since,
    doc: 'Kept for the form; the index of ours is used whatever stands here.',
  }),
  search_maxsize: size({ default: '4M', unit: 'k', since, doc: 'How much of a part is indexed.' }),
  search_skipdiacrit: flag({ default: true, since, doc: 'Search without diacritical marks.' }),
  sync_log: flag({ default: false, since, doc: 'Note changed mailboxes for squatter and sync_client.' }),
  sync_log_channels: words({ default: '', since, doc: 'The channels of these notes.' }),
  virusscan_notification_subject: optionalText({ since, doc: 'The subject of notices of removed mail.' }),
  virusscan_notification_template: optionalText({ since, doc: 'The file with the text of these notices.' }),
}
