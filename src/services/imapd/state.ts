/** Where a session stands. RFC 9051 §3 */
import type { Actor } from '../../store/types.js'
import type { SelectedMailbox } from './selected.js'

/** Somebody who has signed in. */
export type User = Extract<Actor, { kind: 'user' }>

export type ImapState =
  | { readonly kind: 'notAuthenticated' }
  | { readonly kind: 'authenticated'; readonly user: User }
  | { readonly kind: 'selected'; readonly user: User; readonly mailbox: SelectedMailbox }
  | { readonly kind: 'logout' }

/** What a command asks of the state; a selected session is authenticated too. */
export type StateName = 'any' | 'notAuthenticated' | 'authenticated' | 'selected'
