/** From the options of imapd.conf to a sign-in that works: opens the password sources, refuses what cannot be safe. */
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Options } from '../config/options.js'
import type { NameRules } from './account.js'
import { denyListFile } from './deny-list.js'
import { groupFile, noGroups } from './groups.js'
import { PasswordMemory } from './password-memory.js'
import { type PasswordSource, Passwords } from './passwords.js'
import type { ScramHash } from './sasl.js'
import { type Kept, Sasldb } from './sasldb.js'
import { SignIn, type SignInRules } from './sign-in.js'

/** A setting that no server should start with; the message names it and the remedy. */
export class SignInConfigurationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SignInConfigurationError'
  }
}

/** Throws SignInConfigurationError, SasldbError. */
export function openSignIn(options: Options): SignIn {
  const names = nameRules(options)
  return new SignIn({
    rules: signInRules(options, names),
    passwords: new Passwords({
      sources: passwordSources(options),
      rules: names,
      memory: new PasswordMemory(options.authmemory * 1000, Date.now),
      transition: options.sasl_auto_transition ? keptForms(options) : undefined,
    }),
    groups: options.unix_group_enable ? groupFile() : noGroups,
    denyList: denyListFile(join(options.configdirectory, 'user_deny.db')),
  })
}

export function nameRules(options: Options): NameRules {
  return {
    toLower: options.username_tolower,
    virtdomains: options.virtdomains,
    defaultDomain: options.defaultdomain,
    realm: (options.servername ?? hostname()).toLowerCase(),
    loginRealms: options.loginrealms,
  }
}

function signInRules(options: Options, names: NameRules): SignInRules {
  return {
    names,
    admins: options.admins,
    proxyServers: options.proxyservers,
    mechanisms: options.sasl_mech_list.map((name) => name.toUpperCase()),
    allowPlaintext: options.allowplaintext,
    allowAnonymous: options.allowanonymouslogin,
    allowApop: options.allowapop,
    tlsRequired: options.tls_required,
    minimumLayer: options.sasl_minimum_layer,
  }
}

function passwordSources(options: Options): PasswordSource[] {
  return options.sasl_pwcheck_method.map((method) => {
    if (method === 'auxprop') return { kind: 'auxprop', sasldb: new Sasldb(options.sasl_sasldb_path) }
    if (method === 'saslauthd') return { kind: 'saslauthd', path: options.sasl_saslauthd_path }
    if (method === 'alwaystrue')
      throw new SignInConfigurationError(
        'sasl_pwcheck_method: alwaystrue lets everybody in as anybody: use auxprop and saslpasswd2',
      )
    throw new SignInConfigurationError(`sasl_pwcheck_method: ${method} is unknown: use auxprop or saslauthd`)
  })
}

/** What saslpasswd2 keeps of a password, for the mechanisms that are listed. */
export function keptForms(
  options: Pick<Options, 'sasl_mech_list' | 'allowapop'>,
): Kept & { readonly plainFor: readonly string[] } {
  const listed = (name: string): boolean => options.sasl_mech_list.some((each) => each.toUpperCase() === name)
  const scram = (['sha1', 'sha256'] as const).filter((hash: ScramHash) =>
    ['', '-PLUS'].some((end) => listed(`SCRAM-SHA-${hash.slice(3)}${end}`)),
  )
  const plainFor = [
    ...(listed('CRAM-MD5') ? ['CRAM-MD5'] : []),
    ...(options.allowapop ? ['APOP (allowapop: yes)'] : []),
  ]
  return { plain: plainFor.length > 0, plainFor, scram, digestMd5: listed('DIGEST-MD5') }
}
