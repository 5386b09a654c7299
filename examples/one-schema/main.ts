/** The chat's tables stand in a schema of their own beside the application's, whose `users` and `messages` stay as they are. */

import { database } from '@windi-chat/server/database'
import pg from 'pg'
import { embed } from 'windi-chat'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
await pool.query('create table users (id int primary key, name text)')
await pool.query('create table messages (id int primary key, printed_at date)')
await pool.query(`insert into users values (4711, 'Anna')`)

const chat = embed(await database({ pool, schema: 'talk' }))
const { rows } = await pool.query<{ id: number; name: string }>('select id, name from users')
await chat.people.upsert(rows.map(({ id, name }) => ({ externalId: `shop:${id}`, name })))
const { view } = await chat.as({ externalId: 'shop:4711' }).createGroup({ name: 'Notes', memberIds: [] })
await chat.as({ externalId: 'shop:4711' }).sendMessage({ chatId: view.chat.id, clientMessageId: '1', text: 'Hello' })

const mine = await pool.query('select count(*)::int as n from messages')
const theirs = await pool.query('select count(*)::int as n from talk.messages')
console.log(mine.rows[0].n, theirs.rows[0].n)
await chat.close()
await pool.end()
