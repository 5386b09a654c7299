import { defineEntity, p } from '@mikro-orm/core'
import { time } from './time.ts'

/** Who may not write for a while. The row outlasts the membership, so that nobody is rid of it by leaving. */
const mutes = defineEntity({
  name: 'Mute',
  tableName: 'mutes',
  properties: { chat_id: p.uuid().primary(), user_id: p.uuid().primary(), until: time() },
  indexes: [{ name: 'mutes_user_id', properties: ['user_id'] }],
})

/** Who may not come into a group. */
const bans = defineEntity({
  name: 'Ban',
  tableName: 'bans',
  properties: {
    chat_id: p.uuid().primary(),
    user_id: p.uuid().primary(),
    by_id: p.uuid(),
    at: time(),
    until: time().nullable(),
    reason: p.text().nullable(),
  },
  indexes: [
    { name: 'bans_user_id', properties: ['user_id'] },
    { name: 'bans_by_id', properties: ['by_id'], where: 'reason is not null' },
  ],
})

/** Codes that let people into a group. */
const invitations = defineEntity({
  name: 'Invitation',
  tableName: 'invitations',
  properties: {
    id: p.uuid().primary(),
    chat_id: p.uuid(),
    code_hash: p.text(),
    created_by: p.uuid(),
    created_at: time(),
    expires_at: time(),
    /** People whom it lets in, at most. */
    uses: p.integer().nullable(),
    used: p.integer(),
    /** 1: who has the code asks. Null: joins. */
    approval: p.integer().nullable(),
  },
  uniques: [{ name: 'invitations_code_hash', properties: ['code_hash'] }],
  indexes: [
    { name: 'invitations_chat_id', properties: ['chat_id'] },
    { name: 'invitations_created_by', properties: ['created_by'] },
  ],
})

/** Who asks to be let into a group. */
const joinRequests = defineEntity({
  name: 'JoinRequest',
  tableName: 'join_requests',
  properties: { chat_id: p.uuid().primary(), user_id: p.uuid().primary(), invitation_id: p.uuid(), at: time() },
  indexes: [{ name: 'join_requests_user_id', properties: ['user_id'] }],
})

export const orderTables = { mutes, bans, invitations, join_requests: joinRequests }
