import type { ChatEvent, EventOf, Kind } from '../calls/read-event.ts'

/** What is done with each kind of event. A kind that is left out does not compile. */
export type Kinds<A extends readonly unknown[], R> = { readonly [T in Kind]: (event: EventOf<T>, ...rest: A) => R }

/** Does what a table says of the kind of this event. */
export const byKind = <A extends readonly unknown[], R>(kinds: Kinds<A, R>, event: ChatEvent, ...rest: A): R =>
  (kinds[event.type] as (event: ChatEvent, ...rest: A) => R)(event, ...rest)
