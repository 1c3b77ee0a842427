/** Groups of users, from /etc/group, for `group:` identifiers of ACLs. */
import { readFileSync, statSync } from 'node:fs'

/** Milliseconds for which the file is believed unchanged. */
const FRESH = 5000

export interface Groups {
  /** Names of the groups that list the user as a member. */
  of(user: string): readonly string[]
}

export const noGroups: Groups = { of: () => [] }

/** Reads the file again when it has changed; a file that cannot be read has no groups. */
export function groupFile(path = '/etc/group', now: () => number = Date.now): Groups {
  let members = new Map<string, readonly string[]>()
  let [checked, stamp] = [Number.NEGATIVE_INFINITY, '']
  return {
    of(user) {
      if (now() - checked > FRESH) {
        checked = now()
        const status = statSync(path, { throwIfNoEntry: false })
        const current = status ? `${status.mtimeMs} ${status.size} ${status.ino}` : ''
        if (current !== stamp) {
          stamp = current
          members = status ? readGroups(readText(path)) : new Map()
        }
      }
      return members.get(user) ?? []
    },
  }
}

/** `name:password:number:member,member`, see group(5). Groups by member. */
export function readGroups(text: string): Map<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [name = '', , , list = ''] = line.split(':')
    if (name === '' || name.startsWith('#')) continue
    for (const member of list.split(',').filter((each) => each !== ''))
      found.set(member, [...(found.get(member) ?? []), name])
  }
  return found
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
