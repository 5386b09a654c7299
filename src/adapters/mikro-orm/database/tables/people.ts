import { defineEntity, p } from '@mikro-orm/core'
import { time } from './time.ts'

/** Whether the settings of a user ask for mails about missed messages: in words that both databases write down as they are. */
export const WANTS_DIGESTS = `replace(notices, '"digest":true', '') <> notices`

export const users = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().primary(),
    /** This and the name are null once the user is erased. */
    username: p.text().nullable(),
    name: p.text().nullable(),
    folded_name: p.text().nullable(),
    email: p.text().nullable(),
    password_hash: p.text().nullable(),
    created_at: time(),
    last_seen_at: time().nullable(),
    erased_at: time().nullable(),
    /** The deletion has begun and some chat still holds traces. */
    is_erasing: p.boolean(),
    kind: p.text().default('person'),
    /** What another system calls this user. */
    external_id: p.text().nullable(),
    avatar_url: p.text().nullable(),
    /** An address that was not verified yet; several users may have named the same. */
    email_pending: p.text().nullable(),
    disabled_at: time().nullable(),
    /** Tokens that were issued until then are refused. */
    tokens_after: time().nullable(),
    is_admin: p.boolean().default(false),
    /** JSON: who may write, add, and see. */
    privacy: p.text().nullable(),
    /** JSON: what the user wants to be notified of. */
    notices: p.text().nullable(),
  },
  uniques: [
    { name: 'users_username', properties: ['username'] },
    { name: 'users_email', properties: ['email'] },
    { name: 'users_external_id', properties: ['external_id'] },
  ],
  indexes: [
    { name: 'users_by_name', properties: ['folded_name', 'id', 'username'], where: 'erased_at is null' },
    { name: 'users_guests', properties: ['id'], where: "kind = 'guest'" },
    { name: 'users_erasing', properties: ['id'], where: 'is_erasing' },
    { name: 'users_digests', properties: ['id'], where: WANTS_DIGESTS },
    { name: 'users_erased_at', properties: ['erased_at'], where: 'erased_at is not null' },
    { name: 'users_disabled_at', properties: ['disabled_at'], where: 'disabled_at is not null' },
    { name: 'users_tokens_after', properties: ['tokens_after'], where: 'tokens_after is not null' },
  ],
})

export const sessions = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: p.uuid().primary(),
    user_id: p.uuid(),
    device_name: p.text().nullable(),
    created_at: time(),
    last_used_at: time(),
    expires_at: time(),
    ended_at: time().nullable(),
    generation: p.integer(),
    /** JSON: a list of times. */
    spent_at: p.text(),
  },
  indexes: [
    { name: 'sessions_user_id', properties: ['user_id'] },
    { name: 'sessions_expires_at', properties: ['expires_at'] },
    { name: 'sessions_ended_at', properties: ['ended_at'], where: 'ended_at is not null' },
  ],
})

/** Keys of back ends and bots. Of a secret its digest is kept. */
export const keys = defineEntity({
  name: 'Key',
  tableName: 'keys',
  properties: {
    id: p.uuid().primary(),
    hash: p.text(),
    name: p.text(),
    /** JSON: a list. */
    scopes: p.text(),
    bot_id: p.uuid().nullable(),
    created_at: time(),
    expires_at: time().nullable(),
    revoked_at: time().nullable(),
  },
  indexes: [
    { name: 'keys_bot_id', properties: ['bot_id'], where: 'bot_id is not null' },
    { name: 'keys_revoked_at', properties: ['revoked_at'], where: 'revoked_at is not null' },
    { name: 'keys_expires_at', properties: ['expires_at'], where: 'expires_at is not null' },
  ],
})

/** Sessions that an issuer or the host keeps: known here from their use, or because they ended. */
export const externalSessions = defineEntity({
  name: 'ExternalSession',
  tableName: 'external_sessions',
  properties: {
    id: p.uuid().primary(),
    user_id: p.uuid(),
    last_used_at: time(),
    ended_at: time().nullable(),
  },
  indexes: [
    { name: 'external_sessions_user_id', properties: ['user_id'] },
    { name: 'external_sessions_last_used_at', properties: ['last_used_at'] },
    { name: 'external_sessions_ended_at', properties: ['ended_at'], where: 'ended_at is not null' },
  ],
})
