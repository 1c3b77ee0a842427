/** All log events. Their names and fields are a public interface: add, never change. */
import type { LogEvent } from './event.js'
import { generalEvents } from './events/general.js'
import { masterEvents } from './events/master.js'
import { sessionEvents } from './events/session.js'
import { storeEvents } from './events/store.js'

export const events = { ...generalEvents, ...masterEvents, ...sessionEvents, ...storeEvents }

export type EventName = keyof typeof events
export type EventFields<Name extends EventName> = (typeof events)[Name] extends LogEvent<infer F> ? F : never
