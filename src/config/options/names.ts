/** Options of names and places: name spaces, domains, partitions, directory layout, ACL defaults. */
import { choice, flag, ignored, integer, optionalText, readFlag, renamed, text, words } from '../option.js'

const since = '0.1'

export const namesOptions = {
  defaultpartition: optionalText({ since, doc: 'The partition of new mailboxes, by the NAME of partition-NAME.' }),
  partition_select_mode: choice(
    [
      'random',
      'freespace-most',
      'freespace-percent-most',
      'freespace-percent-weighted',
      'freespace-percent-weighted-delta',
    ],
    { default: 'freespace-most', since, doc: 'How a partition is chosen when defaultpartition is unset.' },
  ),
  partition_select_exclude: words({ default: '', since, doc: 'Partitions that are never chosen by themselves.' }),
  partition_select_soft_usage_limit: integer({
    default: 0,
    min: 0,
    since,
    doc: 'Partitions fuller than this percentage are chosen last; 0 is no limit.',
  }),
  hashimapspool: flag({ default: false, since, doc: 'Spread mailbox directories by the first letter of the name.' }),
  fulldirhash: flag({ default: false, since, doc: 'Spread directories by a hash of the whole name instead.' }),
  altnamespace: flag({ default: true, since, doc: "Show a user's folders beside INBOX, not below it." }),
  unixhierarchysep: flag({ default: true, since, doc: 'Show / between levels, so that names may hold dots.' }),
  userprefix: text({ default: 'Other Users', since, doc: "Prefix of other users' folders with altnamespace." }),
  sharedprefix: text({ default: 'Shared Folders', since, doc: 'Prefix of shared folders with altnamespace.' }),
  altprefix: text({ default: 'Alt Folders', since, doc: 'Prefix of names that altnamespace would hide.' }),
  disable_user_namespace: flag({ default: false, since, doc: "Do not list other users' folders." }),
  disable_shared_namespace: flag({ default: false, since, doc: 'Do not list shared folders.' }),
  virtdomains: choice(['off', 'userid', 'on'], {
    default: 'off',
    since,
    doc: 'Domains in user names: none, from the name alone, or also from the address of the connection (on, yes).',
  }),
  defaultdomain: text({ default: 'internal', since, doc: 'The domain of users who name none.' }),
  crossdomains: flag({ default: false, since, doc: 'Let users of one domain see folders of another.' }),
  crossdomains_onlyother: flag({ default: false, since, doc: 'Show the domain only for users of other domains.' }),
  username_tolower: flag({ default: true, since, doc: 'Lower the case of user names before anything else.' }),
  improved_mboxlist_sort: ignored({ since, doc: 'The mailbox list is always sorted so.' }),
  mailbox_legacy_dirs: ignored({ since, doc: 'Directories are always named after mailboxes.' }),
  defaultacl: text({ default: 'anyone lrs', since, doc: 'The ACL of a new mailbox outside user. without a parent.' }),
  implicit_owner_rights: text({ default: 'lkxan', since, doc: 'What a user may always do with own mailboxes.' }),
  deleteright: text({ default: 'c', since, doc: 'The old right that implies the right to delete a mailbox.' }),
  anyoneuseracl: flag({ default: true, since, doc: 'Let users grant rights to anyone on their own mailboxes.' }),
  allowsetacl: flag({ default: true, since, doc: 'Let users change ACLs over IMAP.' }),
  acl_admin_implies_write: flag({ default: false, since, doc: 'The right a implies the rights to write.' }),
  reverseacls: ignored({ since, doc: 'LIST always uses an index of who may see what.' }),
  reverseuniqueids: ignored({ since, doc: 'Mailboxes can always be found by unique id.' }),
  delete_mode: choice(['immediate', 'delayed'], {
    default: 'delayed',
    since,
    doc: 'A deleted mailbox goes at once, or is kept below deletedprefix for cyr_expire.',
  }),
  deletedprefix: text({ default: 'DELETED', since, doc: 'Where deleted mailboxes are kept.' }),
  delete_unsubscribe: flag({ default: false, since, doc: 'Deleting a mailbox unsubscribes the user from it.' }),
  expunge_mode: choice(['immediate', 'semidelayed', 'delayed'], {
    default: 'delayed',
    since,
    doc: 'When the files of expunged messages go: at once, or when cyr_expire runs.',
  }),
  unexpunge_mode: renamed({ to: 'expunge_mode', since }),
  delayed_delete: renamed({
    to: 'delete_mode',
    since,
    translate: (value) => (readFlag(value) ? 'delayed' : 'immediate'),
  }),
  allowusermoves: flag({
    default: false,
    since,
    doc: 'Let an admin rename a user, with all that belongs to the user.',
  }),
  allowdeleted: flag({ default: false, since, doc: 'Let admins look into deleted mailboxes.' }),
  allowallsubscribe: flag({ default: false, since, doc: 'Let users subscribe to mailboxes that do not exist.' }),
  metapartition_files: words({ default: '', since, doc: 'Which kinds of files live on metapartition-NAME.' }),
}
