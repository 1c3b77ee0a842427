/** Options of who may sign in and how: administrators, SASL, passwords. */
import { choice, duration, flag, ignored, integer, optionalText, text, words } from '../option.js'

const since = '0.1'

export const authOptions = {
  admins: words({ default: '', since, doc: 'Users with administrative rights; with a domain, for that domain.' }),
  proxyservers: words({ default: '', since, doc: 'Users who may sign in for any other user.' }),
  allowplaintext: flag({ default: false, since, doc: 'Let passwords cross the wire without TLS.' }),
  allowanonymouslogin: flag({ default: false, since, doc: 'Let anonymous sign in with any password.' }),
  allowapop: flag({ default: true, since, doc: 'Offer APOP to POP3 clients where passwords are stored in clear.' }),
  failedloginpause: duration({ default: '3s', unit: 's', since, doc: 'Pause after a failed sign-in.' }),
  plaintextloginpause: duration({ default: '0', unit: 's', since, doc: 'Pause after a sign-in with plain LOGIN.' }),
  plaintextloginalert: optionalText({ since, doc: 'An ALERT for those who sign in with plain LOGIN.' }),
  loginrealms: words({ default: '', since, doc: 'Realms whose users may sign in.' }),
  loginuseacl: flag({ default: false, since, doc: 'Let those with right a on INBOX sign in as its owner.' }),
  sasl_mech_list: words({ default: '', since, doc: 'Mechanisms to offer; empty is all that can work.' }),
  sasl_pwcheck_method: words({
    default: 'auxprop',
    since,
    doc: 'Where passwords are checked: auxprop, saslauthd; tried in order. alwaystrue is refused.',
  }),
  sasl_auxprop_plugin: words({ default: 'sasldb', since, doc: 'Where auxprop looks: sasldb.' }),
  sasl_sasldb_path: text({
    default: '{configdirectory}/sasldb',
    since,
    doc: 'Our password database, a directory. A file of libsasl there is never touched.',
  }),
  sasl_saslauthd_path: text({
    default: '/var/run/saslauthd/mux',
    since,
    doc: 'The socket of saslauthd, or the directory that holds it as mux.',
  }),
  sasl_minimum_layer: integer({ default: 0, min: 0, since, doc: 'The least strength of the connection (TLS counts).' }),
  sasl_maximum_layer: integer({ default: 256, min: 0, since, doc: 'The most strength of a SASL layer; none is made.' }),
  sasl_auto_transition: flag({
    default: false,
    since,
    doc: 'Keep the password of a plain sign-in for other mechanisms.',
  }),
  sasl_log_level: ignored({ since, doc: 'The log events of ours are complete.' }),
  soft_noauth: ignored({ since, doc: 'TCP peers of lmtpd sign in unless -a is given.' }),
  userdeny_db: ignored({ since, doc: 'cyr_deny keeps its list in the index.' }),
  authmemory: duration({
    default: '5m',
    unit: 's',
    since,
    doc: 'How long a verified password is remembered as a keyed hash, so that repeated sign-ins are cheap; 0 is never.',
  }),
  mupdate_config: choice(['standard', 'unified', 'replicated'], {
    default: 'standard',
    since,
    doc: 'One server alone.',
  }),
}
