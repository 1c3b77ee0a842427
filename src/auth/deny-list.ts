/** Users who may not use services: `user_deny.db`, a text file that cyr_deny writes and every sign-in asks. */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'

/** One line: `user<TAB>2<TAB>services<TAB>message`, as upstream's flat file. Services are patterns as `imap,pop*` or `*`. */
export interface Denied {
  readonly user: string
  readonly services: string
  readonly message: string
}

export const defaultDenial = 'Access to this service has been blocked'

const FRESH = 1000

export interface DenyList {
  /** `names`: those that a pattern may mean. The text for the user, or undefined when nothing is denied. */
  denied(user: string, names: readonly string[]): string | undefined
}

export const nobodyDenied: DenyList = { denied: () => undefined }

export function denyListFile(path: string, now: () => number = Date.now): DenyList {
  let list = new Map<string, Denied>()
  let [checked, stamp] = [Number.NEGATIVE_INFINITY, '']
  return {
    denied(user, names) {
      if (now() - checked > FRESH) {
        checked = now()
        const status = statSync(path, { throwIfNoEntry: false })
        const current = status ? `${status.mtimeMs} ${status.size} ${status.ino}` : ''
        if (current !== stamp) {
          stamp = current
          list = new Map((status ? readDenyList(path) : []).map((each) => [each.user, each]))
        }
      }
      const found = list.get(user)
      return found && names.some((name) => matches(found.services, name)) ? found.message : undefined
    },
  }
}

/** A missing file denies nobody. Throws the file system's errors otherwise. */
export function readDenyList(path: string): Denied[] {
  if (!statSync(path, { throwIfNoEntry: false })) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [user = '', version = '', services = '*', message = ''] = line.split('\t')
      return user !== '' && version === '2' ? [{ user, services, message: message || defaultDenial }] : []
    })
}

/** Whole or not at all: another file takes the name of the old one. */
export function writeDenyList(path: string, list: readonly Denied[]): void {
  const clean = (text: string): string => text.replace(/[\t\r\n]/g, ' ')
  const lines = list.map(({ user, services, message }) => [user, '2', services, message].map(clean).join('\t'))
  writeFileSync(`${path}.new`, lines.map((line) => `${line}\n`).join(''), { mode: 0o640 })
  renameSync(`${path}.new`, path)
}

function matches(services: string, service: string): boolean {
  return services
    .split(',')
    .map((pattern) => pattern.trim().toLowerCase())
    .some((pattern) => (pattern.endsWith('*') ? service.startsWith(pattern.slice(0, -1)) : pattern === service))
}
