import { p } from '@mikro-orm/core'

/** Epoch milliseconds. */
export const time = () => p.bigint('number')
