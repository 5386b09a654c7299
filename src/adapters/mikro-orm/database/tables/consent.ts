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

/** Who has left a group for good. */
const stayOuts = defineEntity({
  name: 'StayOut',
  tableName: 'stay_outs',
  properties: { chat_id: p.uuid().primary(), user_id: p.uuid().primary(), at: time() },
  indexes: [{ name: 'stay_outs_user_id', properties: ['user_id'] }],
})

/** Reports of messages, each with a copy. They outlive the chats and messages that they are about. */
const reports = defineEntity({
  name: 'Report',
  tableName: 'reports',
  properties: {
    id: p.uuid().primary(),
    about_chat: p.uuid(),
    message_id: p.uuid(),
    author_id: p.uuid(),
    reporter_id: p.uuid(),
    reason: p.text(),
    comment: p.text().nullable(),
    /** Of the message when it was reported. */
    text: p.text().nullable(),
    sent_at: time(),
    at: time(),
    action: p.text().nullable(),
    resolved_at: time().nullable(),
    resolved_by: p.uuid().nullable(),
  },
  uniques: [{ name: 'reports_once', properties: ['message_id', 'reporter_id'] }],
  indexes: [
    { name: 'reports_at', properties: ['at', 'id'] },
    { name: 'reports_open', properties: ['at', 'id'], where: 'resolved_at is null' },
    { name: 'reports_resolved_at', properties: ['resolved_at'], where: 'resolved_at is not null' },
    { name: 'reports_reporter_id', properties: ['reporter_id'] },
  ],
})

/** The tables by which users keep others away. */
export const consentTables = { blocks, stay_outs: stayOuts, reports }
