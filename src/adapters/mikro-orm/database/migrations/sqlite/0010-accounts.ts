import { Migration } from '@mikro-orm/migrations'

export class Accounts extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement)
  }
}

const statements = [
  `create table {codes} (subject text not null, kind text not null, user_id text null, mac text not null,
    target text null, expires_at bigint not null, tries integer not null, primary key (subject, kind))`,
  'create index {codes_user_id} on {codes} (user_id, kind)',
  'create index {codes_expires_at} on {codes} (expires_at)',

  `create table {mails} (id text not null primary key, kind text not null, user_id text null, address text not null, facts text not null,
    attempts integer not null, due_at bigint not null, created_at bigint not null)`,
  'create index {mails_due_at} on {mails} (due_at)',
  'create index {mails_user_id} on {mails} (user_id)',

  `create table {known_networks} (user_id text not null, network text not null, last_at bigint not null,
    primary key (user_id, network))`,
  'create index {known_networks_last_at} on {known_networks} (last_at)',

  `create table {tallies} (key text not null primary key, count integer not null, until bigint not null,
    closed_until bigint not null)`,
  'create index {tallies_until} on {tallies} (until)',

  `create table {audit} (id text not null primary key, at bigint not null, deed text not null, actor_id text null, key_id text null,
    about_user text null, about_chat text null, facts text not null)`,
  'create index {audit_at} on {audit} (at, id)',
  'create index {audit_about_user} on {audit} (about_user, at, id)',
  'create index {audit_about_chat} on {audit} (about_chat, at, id)',

  `create table {factors} (id text not null primary key, user_id text not null, kind text not null, name text not null,
    secret text not null, credential_id text null, counter integer not null, created_at bigint not null,
    confirmed_at bigint null, last_used_at bigint null)`,
  'create unique index {factors_credential_id} on {factors} (credential_id)',
  'create index {factors_user_id} on {factors} (user_id)',
]
