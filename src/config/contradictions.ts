/** Settings that contradict each other: each is right alone, and together they cannot be meant. */
import type { Options } from './options.js'

type Check = (options: Options) => string | undefined

const has = (file: string | undefined): boolean => file !== undefined && file !== 'disabled'

/** Mechanisms that show the password itself. */
const plain = ['PLAIN', 'LOGIN']

const certificateAlone: Check = ({ tls_server_cert: cert, tls_server_key: key }) => {
  if (has(cert) && key === undefined) return 'tls_server_cert is set and tls_server_key is not: TLS needs both'
  return has(key) && cert === undefined ? 'tls_server_key is set and tls_server_cert is not: TLS needs both' : undefined
}

const requiredWithoutCertificate: Check = ({ tls_required: required, tls_server_cert: cert }) =>
  required && !has(cert) ? 'tls_required is set and there is no tls_server_cert: nobody can sign in' : undefined

const nobodyCanSignIn: Check = (options) => {
  const { allowplaintext, tls_server_cert: cert, sasl_mech_list: mechanisms, sasl_pwcheck_method: methods } = options
  if (allowplaintext || has(cert)) return undefined
  const shown = mechanisms.length > 0 && mechanisms.every((name) => plain.includes(name.toUpperCase()))
  const needed = !methods.includes('auxprop')
  if (!shown && !needed) return undefined
  return 'allowplaintext is off and there is no tls_server_cert, while passwords must be shown: nobody can sign in'
}

const samePlace: Check = ({ partitions }) => {
  const places = [...partitions].map(([name, path]) => ({ name, path: `${path.replace(/\/+$/, '')}/` }))
  for (const one of places)
    for (const other of places)
      if (one.name !== other.name && other.path.startsWith(one.path))
        return `partition-${other.name} lies within partition-${one.name}: their mailboxes would be mixed`
  return undefined
}

const databasesInSpool: Check = ({ partitions, configdirectory }) => {
  for (const [name, path] of partitions)
    if (`${configdirectory}/`.startsWith(`${path.replace(/\/+$/, '')}/`))
      return `configdirectory lies within partition-${name}: its directories would look like mailboxes`
  return undefined
}

const upperCaseAdmin: Check = ({ admins, username_tolower: lowered }) => {
  const found = admins.find((name) => name !== name.toLowerCase())
  if (!lowered || found === undefined) return undefined
  return `admins names ${found}, and username_tolower makes every user name lower case: that admin never signs in`
}

const percentage: Check = ({ quotawarnpercent: percent }) =>
  percent > 100 ? 'quotawarnpercent is above 100: nobody is ever warned' : undefined

const autocreateWithout: Check = ({ autocreate_post: post, autocreate_quota: quota }) =>
  post && quota < 0 ? 'autocreate_post is set and autocreate_quota is -1: no mailbox makes itself' : undefined

const checks: readonly Check[] = [
  certificateAlone,
  requiredWithoutCertificate,
  nobodyCanSignIn,
  samePlace,
  databasesInSpool,
  upperCaseAdmin,
  percentage,
  autocreateWithout,
]

/** One line for each contradiction. */
export const contradictions = (options: Options): string[] => checks.flatMap((check) => check(options) ?? [])
