// The two ways in which a message is recognised that has been delivered before.

import { hash } from 'node:crypto'
import type { AppendTarget } from '../store/change/change.js'
import type { Placement } from './actions.js'
import type { Incoming } from './incoming.js'
import type { Recipient } from './recipient.js'

/**
 * The keys of one message in one mailbox.
 *
 * A delivery whose reply was lost is sent again: same return path, recipient and bytes, the MTA's Received line included.
 * Mail without Message-ID and without Received could be two mails that only look alike: it has no such key.
 * `duplicatesuppression` comes on top: the same Message-ID into the same mailbox.
 */
export function duplicateKeys(
  message: Incoming,
  { recipient, placement, suppress }: { recipient: Recipient; placement: Placement; suppress: boolean },
): Pick<AppendTarget, 'deliveryKey' | 'messageIdKey'> {
  const { messageId, received, digest, returnPath } = message
  const known = messageId !== undefined || received
  return {
    ...(known
      ? { deliveryKey: { anchor: recipient.anchor, digest: deliveryDigest(returnPath, placement.name, digest) } }
      : {}),
    ...(suppress && messageId !== undefined ? { messageIdKey: { messageId, recipient: placement.name } } : {}),
  }
}

function deliveryDigest(returnPath: string, recipient: string, digest: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${returnPath}\0${recipient}\0`), digest]), 'buffer')
}
