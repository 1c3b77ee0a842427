/** A quota root as the client is told of it. RFC 9208 §5.1 */
import { type Quota, type QuotaResource, quotaResources } from '../../store/types.js'
import { decodeModifiedUtf7 } from '../../syntax/imap/modified-utf7.js'
import { type QuotaUsage, writeQuota } from '../../syntax/imap/quota.js'
import { utf8Wire } from '../../syntax/imap/string.js'
import type { SessionIn } from './session-context.js'

/** Octets in one unit of the resource on the wire. */
const unit: Record<QuotaResource, number> = { STORAGE: 1024, MESSAGE: 1, MAILBOX: 1, 'X-ANNOTATION-STORAGE': 1024 }

export function quotaLine(session: SessionIn<'authenticated'>, { root, usage, limit }: Quota): string {
  const usages: QuotaUsage[] = []
  for (const resource of quotaResources) {
    const most = limit[resource]
    if (most !== undefined) usages.push({ resource, usage: Math.floor(usage[resource] / unit[resource]), limit: most })
  }
  return writeQuota(rootWire(session, root), usages)
}

/** The root's name as a wire string. */
export function rootWire({ server, user, client }: SessionIn<'authenticated'>, root: Quota['root']): string {
  const external = server.names.toExternal(root, user) ?? root
  return client.nameForm === 'modifiedUtf7' ? external : utf8Wire(decodeModifiedUtf7(external) ?? external)
}
