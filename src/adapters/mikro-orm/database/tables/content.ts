import { defineEntity, p } from '@mikro-orm/core'
import { time } from './time.ts'

/** Whom a message that is not deleted mentions: a member at the last change of its mentions, or everybody (`ALL`). Never its sender. */
export const mentions = defineEntity({
  name: 'Mention',
  tableName: 'mentions',
  properties: {
    chat_id: p.uuid().primary(),
    user_id: p.uuid().primary(),
    seq: p.integer().primary(),
    message_id: p.uuid(),
    sender_id: p.uuid(),
    at: time(),
  },
  indexes: [{ name: 'mentions_of_message', properties: ['chat_id', 'seq'] }],
})

export const reactions = defineEntity({
  name: 'Reaction',
  tableName: 'reactions',
  properties: {
    chat_id: p.uuid().primary(),
    message_seq: p.integer().primary(),
    /** Without U+FE0F. */
    emoji: p.text().primary(),
    user_id: p.uuid().primary(),
    at: time(),
  },
  indexes: [
    { name: 'reactions_of_member', properties: ['chat_id', 'user_id', 'message_seq'] },
    { name: 'reactions_of_user', properties: ['user_id', 'chat_id'] },
  ],
})

/** What is shown of the reactions to a message. */
export const reactionSums = defineEntity({
  name: 'ReactionSums',
  tableName: 'reaction_sums',
  properties: {
    chat_id: p.uuid().primary(),
    message_seq: p.integer().primary(),
    /** The `seq` of the last `message.reacted`. */
    changed_seq: p.integer(),
    /** JSON: `[[emoji as shown, count, [at most 10 user ids]]…]` in the order of first use. */
    sums: p.text(),
  },
})

export const pins = defineEntity({
  name: 'Pin',
  tableName: 'pins',
  properties: {
    chat_id: p.uuid().primary(),
    message_id: p.uuid().primary(),
    message_seq: p.integer(),
    /** The `seq` of `message.pinned`. */
    pin_seq: p.integer(),
    user_id: p.uuid(),
    at: time(),
  },
})

export const files = defineEntity({
  name: 'File',
  tableName: 'files',
  properties: {
    id: p.uuid().primary(),
    owner_id: p.uuid(),
    /** Of the bytes that are kept, and of those that were sent. */
    sha256: p.text(),
    sent_sha256: p.text(),
    name: p.text(),
    size: p.bigint('number'),
    type: p.text(),
    kind: p.text(),
    width: p.integer().nullable(),
    height: p.integer().nullable(),
    thumbhash: p.text().nullable(),
    client_file_id: p.text().nullable(),
    created_at: time(),
    /** Since when no message has it; 0 until the next collection. */
    loose_since: time().nullable(),
  },
  uniques: [{ name: 'files_sent_once', properties: ['owner_id', 'client_file_id'] }],
  indexes: [
    { name: 'files_sha256', properties: ['sha256'] },
    { name: 'files_loose', properties: ['loose_since'], where: 'loose_since is not null' },
  ],
})

/** Bytes that are stored once, however many files have them. */
export const blobs = defineEntity({
  name: 'Blob',
  tableName: 'blobs',
  properties: {
    sha256: p.text().primary(),
    size: p.bigint('number'),
    has_previews: p.boolean(),
    /** Since when no file has them; as a negative number, since when a process removes them. */
    unused_since: time().nullable(),
  },
  indexes: [{ name: 'blobs_unused', properties: ['unused_since'], where: 'unused_since is not null' }],
})

/** Which messages have which files: the right to read a file. */
export const fileLinks = defineEntity({
  name: 'FileLink',
  tableName: 'file_links',
  properties: {
    chat_id: p.uuid().primary(),
    message_seq: p.integer().primary(),
    file_id: p.uuid().primary(),
    place: p.integer(),
    kind: p.text(),
    message_id: p.uuid(),
    sender_id: p.uuid(),
  },
  indexes: [
    { name: 'file_links_of_file', properties: ['file_id', 'chat_id'] },
    { name: 'file_links_of_kind', properties: ['chat_id', 'kind', 'message_seq'] },
  ],
})

/** Files of which not all bytes have come yet. */
export const uploads = defineEntity({
  name: 'Upload',
  tableName: 'uploads',
  properties: {
    id: p.uuid().primary(),
    owner_id: p.uuid(),
    name: p.text(),
    client_file_id: p.text().nullable(),
    length: p.bigint('number'),
    received: p.bigint('number'),
    /** The names of the pieces, in order, each with a space behind it. */
    pieces: p.text(),
    expires_at: time(),
  },
  uniques: [{ name: 'uploads_sent_once', properties: ['owner_id', 'client_file_id'] }],
  indexes: [{ name: 'uploads_expires_at', properties: ['expires_at'] }],
})
