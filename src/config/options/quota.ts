/** Options of quota, and of mailboxes that make themselves. */
import { flag, ignored, integer, optionalText, readInteger, renamed, size, text } from '../option.js'

const since = '0.1'

/** Once 0 meant off and negative unlimited; now -1 means off and 0 unlimited. */
function fromAutocreatequota(value: string): string {
  const number = readInteger(value)
  if (number === 0) return '-1'
  return number < 0 ? '0' : value
}

export const quotaOptions = {
  quotawarnpercent: integer({ default: 90, min: 0, since, doc: 'Warn once this percentage of the quota is in use.' }),
  quotawarn: renamed({ to: 'quotawarnpercent', since }),
  quotawarnsize: size({
    default: '0',
    unit: 'k',
    since,
    doc: 'Warn only when less than this is free; 0 is always.',
  }),
  quotawarnkb: renamed({ to: 'quotawarnsize', since }),
  quotawarnmsg: integer({ default: 0, min: 0, since, doc: 'Warn only when fewer messages are free; 0 is always.' }),
  autocreate_quota: size({
    default: '-1',
    unit: 'k',
    since,
    doc: 'Make INBOX at the first sign-in with this quota; 0 is without limit, -1 is not at all.',
  }),
  autocreatequota: renamed({ to: 'autocreate_quota', since, translate: fromAutocreatequota }),
  autocreate_quota_messages: integer({ default: -1, since, doc: 'Quota of messages of such an INBOX; -1 is none.' }),
  autocreatequotamsg: renamed({ to: 'autocreate_quota_messages', since }),
  autocreate_post: flag({ default: false, since, doc: 'Make INBOX also when the first mail comes.' }),
  createonpost: renamed({ to: 'autocreate_post', since }),
  autocreate_acl: optionalText({ since, doc: 'ACL entries of such folders: folder identifier rights, in threes.' }),
  autocreate_inbox_folders: text({ default: '', since, doc: 'Folders to make beside, divided by |.' }),
  autocreateinboxfolders: renamed({ to: 'autocreate_inbox_folders', since }),
  autocreate_subscribe_folders: text({ default: '', since, doc: 'Which of them to subscribe, divided by |.' }),
  autosubscribeinboxfolders: renamed({ to: 'autocreate_subscribe_folders', since }),
  autocreate_subscribe_sharedfolders: text({ default: '', since, doc: 'Shared folders to subscribe, divided by |.' }),
  autosubscribesharedfolders: renamed({ to: 'autocreate_subscribe_sharedfolders', since }),
  autocreate_subscribe_sharedfolders_all: flag({ default: false, since, doc: 'Subscribe all shared folders.' }),
  autosubscribe_all_sharedfolders: renamed({ to: 'autocreate_subscribe_sharedfolders_all', since }),
  autocreate_sieve_folders: text({ default: '', since, doc: 'Folders that fileinto may make, divided by |.' }),
  autocreate_sieve_script: optionalText({ since, doc: 'A script that new users get.' }),
  autocreate_sieve_script_compile: ignored({ since, doc: 'Scripts are checked when they are stored.' }),
  autocreate_sieve_script_compiled: ignored({ since, doc: 'Scripts are checked when they are stored.' }),
  autocreate_users: text({ default: 'anyone', since, doc: 'Users and groups who get an INBOX so.' }),
  'xlist-flag': ignored({ since, doc: 'Written xlist-FOLDER: special uses of folders that are made so.' }),
}
