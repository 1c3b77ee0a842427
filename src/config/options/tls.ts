/** Options of TLS: certificates, versions, ciphers, client certificates. */
import { choice, duration, flag, ignored, optionalText, readFlag, renamed, text, words } from '../option.js'

const since = '0.1'

export const tlsOptions = {
  tls_server_cert: optionalText({ since, doc: 'PEM file of the certificate and its chain; `disabled` for no TLS.' }),
  tls_server_key: optionalText({ since, doc: 'PEM file of the key; `disabled` for no TLS.' }),
  tls_server_ca_file: optionalText({ since, doc: 'PEM file of certificates to send after the own.' }),
  tls_server_ca_dir: ignored({ since, doc: 'Put the chain into tls_server_cert.' }),
  tls_server_dhparam: ignored({ since, doc: 'Safe groups are chosen by the library.' }),
  tls_client_ca_file: optionalText({ since, doc: 'PEM file of authorities of client certificates.' }),
  tls_client_ca_dir: optionalText({ since, doc: 'Directory of authorities of client certificates.' }),
  tls_client_cert: optionalText({ since, doc: 'The certificate to show to other servers.' }),
  tls_client_key: optionalText({ since, doc: 'The key of tls_client_cert.' }),
  tls_client_certs: choice(['off', 'optional', 'require'], {
    default: 'optional',
    since,
    doc: 'Whether clients may or must show a certificate.',
  }),
  tls_crl_file: optionalText({ since, doc: 'PEM file of revoked client certificates.' }),
  tls_versions: words({
    default: 'tls1_2 tls1_3',
    since,
    doc: 'Versions of TLS to speak; those before 1.2 are refused by the library whatever stands here.',
  }),
  tls_ciphers: text({ default: 'DEFAULT', since, doc: 'Ciphers in the notation of OpenSSL.' }),
  tls_eccurve: text({ default: 'auto', since, doc: 'Curves for the key exchange, divided by colons.' }),
  tls_prefer_server_ciphers: flag({ default: false, since, doc: 'The order of our ciphers decides.' }),
  tls_required: flag({ default: false, since, doc: 'No sign-in of any kind without TLS.' }),
  tls_session_timeout: duration({ default: '24h', unit: 'm', since, doc: 'How long a TLS session can be resumed.' }),
  allowstarttls: flag({ default: true, since, doc: 'Offer STARTTLS where there is a certificate.' }),
  tls_cert_file: renamed({ to: 'tls_server_cert', since }),
  tls_key_file: renamed({ to: 'tls_server_key', since }),
  tls_ca_file: renamed({ to: 'tls_client_ca_file', since }),
  tls_ca_path: renamed({ to: 'tls_client_ca_dir', since }),
  tls_cipher_list: renamed({ to: 'tls_ciphers', since }),
  tls_require_cert: renamed({
    to: 'tls_client_certs',
    since,
    translate: (value) => (readFlag(value) ? 'require' : 'optional'),
  }),
}
