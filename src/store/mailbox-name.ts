/** Mailbox names: internal and external forms. */

declare const brand: unique symbol
/** `user.paul.Sent`, `example.com!user.paul`, `DELETED.user.paul.4F8B2C1A`: one form for the whole store. */
export type InternalName = string & { readonly [brand]: 'InternalName' }
