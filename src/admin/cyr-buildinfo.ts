/** cyr_buildinfo: what this server can do, as the JSON that test suites and packagers ask for. cyr_buildinfo(8) */

/** True is there, false is known to Cyrus and not here. */
export const buildInfo = {
  component: {
    event_notification: true,
    gssapi: false,
    autocreate: true,
    idled: true,
    httpd: false,
    kerberos_v4: false,
    murder: false,
    nntpd: false,
    replication: false,
    sieve: true,
    calalarmd: false,
    jmap: false,
    objectstore: false,
    backup: false,
  },
  dependency: {
    ldap: false,
    openssl: true,
    zlib: true,
    jansson: true,
    pcre: true,
    clamav: false,
    openio: false,
    nghttp2: false,
    wslay: false,
    brotli: false,
    xml2: false,
    ical: false,
    icu4c: true,
    shapelib: false,
    chardet: false,
    cld2: false,
  },
  database: { mysql: false, pgsql: false, sqlite: false },
  search: { squat: true, xapian: false, xapian_cjk_tokens: 'none' },
  hardware: {},
}

/** The exit status. Flags are accepted and mean nothing. */
export function cyrBuildinfo(_args: readonly string[], { out }: { out: (line: string) => void }): number {
  out(JSON.stringify(buildInfo, undefined, 2))
  return 0
}
