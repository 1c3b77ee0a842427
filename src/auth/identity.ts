/** Who has signed in: what the store takes as the one who acts. */

/** Fits the store's Actor. */
export interface Identity {
  readonly kind: 'user'
  /** Canonical: `paul`, `paul@example.com`; `anonymous` after ANONYMOUS. */
  readonly user: string
  /** Names without the `group:` prefix. */
  readonly groups: readonly string[]
  /** Listed in `admins`. One whose name has a domain administers that domain only. */
  readonly admin: boolean
}
