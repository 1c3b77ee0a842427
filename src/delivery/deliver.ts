// One message to its recipients: the actions of each, one change of the store for all, one result for each.

import type { Log } from '../log/log.js'
import type { AppendOutcome, AppendTarget } from '../store/change/change.js'
import type { StoreErrorKind } from '../store/errors.js'
import type { Store } from '../store/store.js'
import type { Actor } from '../store/types.js'
import { type Action, appendTarget, implicitKeep, type Placement, placements } from './actions.js'
import { duplicateKeys } from './duplicates.js'
import type { Incoming } from './incoming.js'
import type { Recipient } from './recipient.js'

/** What became of the message for one recipient. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly error: StoreErrorKind; readonly message: string }

export type DeliveryOptions = {
  readonly duplicatesuppression: boolean
  readonly lmtp_strict_quota: boolean
  readonly auditlog: boolean
}

/** Says what is to be done with a message for a recipient: where Sieve stands. */
export type Decide = (message: Incoming, recipient: Recipient) => readonly Action[]

export const keepAll: Decide = () => implicitKeep

export type Deliverer = {
  readonly store: Store
  readonly log: Log
  readonly options: DeliveryOptions
  readonly decide: Decide
  /** Id of the session that brings the message, for the audit log. */
  readonly session: string
}

const system: Actor = { kind: 'system' }

/**
 * Delivers to every recipient, each standing or falling alone; when it resolves, what is `delivered` is durable and seen by all.
 * A duplicate counts as delivered: it was. @throws Error where nothing was stored for anybody.
 */
export async function deliver(
  deliverer: Deliverer,
  message: Incoming,
  recipients: readonly Recipient[],
): Promise<Delivery[]> {
  const { store, options, decide } = deliverer
  const places: { index: number; placement: Placement }[] = []
  const targets: AppendTarget[] = []
  for (const [index, recipient] of recipients.entries()) {
    for (const placement of placements(decide(message, recipient), recipient)) {
      const keys = duplicateKeys(message, { recipient, placement, suppress: options.duplicatesuppression })
      places.push({ index, placement })
      targets.push(appendTarget(placement, { quota: options.lmtp_strict_quota && !recipient.ignoreQuota, ...keys }))
    }
  }
  const outcomes =
    targets.length === 0
      ? []
      : (await store.change({ kind: 'append', as: system, staged: message.staged, targets })).targets
  const results = recipients.map((): Delivery => ({ kind: 'delivered' }))
  for (const [at, { index, placement }] of places.entries()) {
    const outcome = outcomes[at]
    if (outcome === undefined) throw new Error('the store answered fewer targets than it was given')
    report(deliverer, { outcome, placement, message })
    if (outcome.kind === 'refused') results[index] = { kind: 'refused', error: outcome.error, message: outcome.message }
  }
  return results
}

function report(
  { log, options, session }: Deliverer,
  { outcome, placement, message }: { outcome: AppendOutcome; placement: Placement; message: Incoming },
): void {
  const mailbox = placement.name
  const { messageId } = message
  if (outcome.kind === 'duplicate') log.event('duplicate.eliminated', { messageId: messageId ?? '<nomsgid>', mailbox })
  if (outcome.kind !== 'stored') return
  log.event('delivered', { messageId, mailbox })
  if (!options.auditlog) return
  const guid = message.staged.digests.sha1.toString('hex')
  log.event('audit', { action: 'append', session, mailbox, uid: outcome.uid, guid })
}
