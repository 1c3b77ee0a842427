/** Options of delivery: lmtpd, duplicates, what leaves again. */
import { choice, flag, optionalText, renamed, text, words } from '../option.js'

const since = '0.1'

export const deliveryOptions = {
  lmtpsocket: text({ default: '{configdirectory}/socket/lmtp', since, doc: 'Where deliver finds lmtpd.' }),
  lmtp_downcase_rcpt: flag({ default: true, since, doc: 'Lower the case of recipients.' }),
  lmtp_over_quota_perm_failure: flag({ default: false, since, doc: 'Over quota is final (552), not temporary (452).' }),
  lmtp_overquota_perm_failure: renamed({ to: 'lmtp_over_quota_perm_failure', since }),
  lmtp_strict_quota: flag({ default: false, since, doc: 'Refuse what would go over quota, not only what is over.' }),
  lmtp_strict_rfc2821: flag({ default: true, since, doc: 'Refuse malformed addresses.' }),
  lmtp_fuzzy_mailbox_match: flag({ default: false, since, doc: 'user+Folder finds the nearest folder by name.' }),
  lmtp_catchall_mailbox: optionalText({ since, doc: 'The user who gets mail for unknown users.' }),
  lmtp_exclude_specialuse: words({
    default: '\\Drafts \\Scheduled \\Snoozed',
    since,
    doc: 'Special uses that plus addresses cannot reach.',
  }),
  postuser: text({ default: '', since, doc: 'The local part that reaches shared folders, as in post+shared.news.' }),
  postmaster: text({ default: 'postmaster', since, doc: 'Who mail of the server comes from.' }),
  reject8bit: flag({ default: false, since, doc: 'Refuse messages with 8-bit characters in the header.' }),
  munge8bit: flag({ default: false, since, doc: 'Change 8-bit characters in the header to X; off here, on in Cyrus.' }),
  rfc2047_utf8: flag({ default: false, since, doc: 'Take 8-bit headers as UTF-8 where they are shown or searched.' }),
  duplicatesuppression: flag({ default: true, since, doc: 'Deliver a message id to one mailbox once.' }),
  sendmail: text({ default: '/usr/lib/sendmail', since, doc: 'The program that sends mail.' }),
  smtp_backend: choice(['host', 'sendmail'], { default: 'sendmail', since, doc: 'How mail leaves.' }),
  smtp_host: text({ default: 'localhost:587', since, doc: 'Where mail leaves with smtp_backend host.' }),
  smtp_auth_authname: optionalText({ since, doc: 'The name to sign in with at smtp_host.' }),
  smtp_auth_password: optionalText({ since, doc: 'The password to sign in with at smtp_host.' }),
  smtp_auth_realm: optionalText({ since, doc: 'The realm to sign in with at smtp_host.' }),
  notifysocket: text({
    default: '{configdirectory}/socket/notify',
    since,
    doc: 'The socket of notifyd, or dlist:PATH.',
  }),
  mailnotifier: optionalText({ since, doc: 'The method of notices of new mail.' }),
  event_notifier: optionalText({ since, doc: 'The method of event notices (RFC 5423).' }),
  event_groups: words({ default: 'message mailbox', since, doc: 'Which groups of events are told.' }),
  event_extra_params: words({ default: 'timestamp', since, doc: 'Optional parameters of events.' }),
  event_content_inclusion_mode: choice(['standard', 'message', 'header', 'body', 'headerbody'], {
    default: 'standard',
    since,
    doc: 'How much of a message goes into an event.',
  }),
  event_exclude_flags: words({ default: '', since, doc: 'Flags whose changes are not told.' }),
  event_exclude_specialuse: words({ default: '\\Junk', since, doc: 'Special uses whose events are not told.' }),
}
