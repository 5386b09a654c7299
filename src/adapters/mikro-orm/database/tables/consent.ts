import { defineEntity, p } from '@mikro-orm/core'
import { time } from './time.ts'

/** Who has blocked whom. */
const blocks = defineEntity({
  name: 'Block',
  tableName: 'blocks',
  properties: {
    user_id: p.uuid().primary(),
    blocked_id: p.uuid().primary(),
    at: time(),
  },
  indexes: [{ name: 'blocks_blocked_id', properties: ['blocked_id', 'user_id'] }],
})

/** The tables by which users keep others away. */
export const consentTables = { blocks }
