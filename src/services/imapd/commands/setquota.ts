/** SETQUOTA: for administrators. RFC 9208 §4.1.3 */
import type { QuotaResource } from '../../../store/types.js'
import { decodeName } from '../../../syntax/imap/mailbox.js'
import { readSetQuota } from '../../../syntax/imap/quota.js'
import { No } from '../answers.js'
import { command } from '../command.js'
import { refusal } from '../errors.js'
import { internalName } from '../names.js'
import { quotaLine } from '../quota-line.js'

const resources = new Map<string, QuotaResource>([
  ['STORAGE', 'STORAGE'],
  ['MESSAGE', 'MESSAGE'],
  ['MAILBOX', 'MAILBOX'],
  ['X-NUM-FOLDERS', 'MAILBOX'],
  ['ANNOTATION-STORAGE', 'X-ANNOTATION-STORAGE'],
  ['X-ANNOTATION-STORAGE', 'X-ANNOTATION-STORAGE'],
])

export const setquota = command({
  name: 'SETQUOTA',
  state: 'authenticated',
  args(input, client) {
    const { root, limits } = readSetQuota(input)
    return { root: decodeName(root, client.nameForm), limits }
  },
  async *run(session, { root: name, limits }) {
    const { server, user } = session
    if (!user.admin) throw refusal('notPermitted')
    const wanted: Partial<Record<QuotaResource, number>> = {}
    for (const { resource, limit } of limits) {
      const known = resources.get(resource)
      if (known === undefined) throw new No('Unknown quota resource', 'CANNOT')
      wanted[known] = limit
    }
    const root = internalName(session, name)
    await server.store.change({ kind: 'setQuota', as: user, root, limits: wanted })
    const quota = server.store.read((view) => view.quota(root))
    if (quota !== undefined) yield quotaLine(session, quota)
  },
})
