import { defineEntity, p } from '@mikro-orm/core'
import { time } from './time.ts'

/** One-time codes by what they belong to: a user, or the digest of the code itself. */
const codes = defineEntity({
  name: 'Code',
  tableName: 'codes',
  properties: {
    subject: p.text().primary(),
    kind: p.text().primary(),
    user_id: p.uuid().nullable(),
    /** A keyed digest of the code: whoever reads the table learns no code. */
    mac: p.text(),
    /** What the code is for: the address to be verified, or a challenge. */
    target: p.text().nullable(),
    expires_at: time(),
    tries: p.integer(),
  },
  indexes: [
    { name: 'codes_user_id', properties: ['user_id', 'kind'] },
    { name: 'codes_expires_at', properties: ['expires_at'] },
  ],
})

/** Mails to be sent. Codes are not in them: they are made when a mail is sent. */
const mails = defineEntity({
  name: 'Mail',
  tableName: 'mails',
  properties: {
    id: p.uuid().primary(),
    kind: p.text(),
    user_id: p.uuid().nullable(),
    /** The address, or the login that someone wants to recover. */
    address: p.text(),
    /** JSON. */
    facts: p.text(),
    attempts: p.integer(),
    /** Not before; while a process sends it, when another one may try. */
    due_at: time(),
    created_at: time(),
  },
  indexes: [
    { name: 'mails_due_at', properties: ['due_at'] },
    { name: 'mails_user_id', properties: ['user_id'] },
  ],
})

/** Networks from which a user was signed in. */
const knownNetworks = defineEntity({
  name: 'KnownNetwork',
  tableName: 'known_networks',
  properties: {
    user_id: p.uuid().primary(),
    network: p.text().primary(),
    last_at: time(),
  },
  indexes: [{ name: 'known_networks_last_at', properties: ['last_at'] }],
})

/** What is counted by all processes together, such as wrong passwords. */
const tallies = defineEntity({
  name: 'Tally',
  tableName: 'tallies',
  properties: {
    key: p.text().primary(),
    count: p.integer(),
    /** Until then the count holds. */
    until: time(),
    closed_until: time(),
  },
  indexes: [{ name: 'tallies_until', properties: ['until'] }],
})

/** What staff, back ends and the command line did. Rows outlive what they are about. */
const audit = defineEntity({
  name: 'Audit',
  tableName: 'audit',
  properties: {
    id: p.uuid().primary(),
    at: time(),
    deed: p.text(),
    /** Null: the command line. */
    actor_id: p.uuid().nullable(),
    key_id: p.uuid().nullable(),
    about_user: p.uuid().nullable(),
    about_chat: p.uuid().nullable(),
    /** JSON, without names and texts. */
    facts: p.text(),
  },
  indexes: [
    { name: 'audit_at', properties: ['at', 'id'] },
    { name: 'audit_about_user', properties: ['about_user', 'at', 'id'] },
    { name: 'audit_about_chat', properties: ['about_chat', 'at', 'id'] },
  ],
})

/** Second factors and passkeys of users. */
const factors = defineEntity({
  name: 'Factor',
  tableName: 'factors',
  properties: {
    id: p.uuid().primary(),
    user_id: p.uuid(),
    kind: p.text(),
    name: p.text(),
    /** Of an authenticator app the sealed secret, of a passkey the public key, of a recovery code the keyed digest. */
    secret: p.text(),
    /** Of a passkey: the id that its authenticator gave it. */
    credential_id: p.text().nullable(),
    /** The last time step of an app, or the signature counter of a passkey, that was accepted. */
    counter: p.integer(),
    created_at: time(),
    /** Null as long as the user has not proved to have it. */
    confirmed_at: time().nullable(),
    last_used_at: time().nullable(),
  },
  uniques: [{ name: 'factors_credential_id', properties: ['credential_id'] }],
  indexes: [{ name: 'factors_user_id', properties: ['user_id'] }],
})

/** The tables of what belongs to accounts besides users and sessions. */
export const accountTables = { codes, mails, known_networks: knownNetworks, tallies, audit, factors }
