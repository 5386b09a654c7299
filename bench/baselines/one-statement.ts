/**
 * One message in one statement: the reads and the rows of the service, as a database would do them on its own. It moves the head of the
 * chat under its lock, reads the member with the name, looks for the key, and inserts the message with the same columns under the same
 * indices.
 */
export const oneStatement = (
  id: 'uuidv7()' | 'gen_random_uuid()',
  { chat, sender, key, text }: Readonly<Record<Parameter, string>>,
): string => `
with me as materialized (
  select m.role, m.joined_seq, m.joined_at, u.username, u.name from members m join users u on u.id = m.user_id
  where m.chat_id = ${chatId(chat)} and m.user_id = ${userId(sender)}
), earlier as materialized (
  select k.id, k.body_hash from messages k
  where k.chat_id = ${chatId(chat)} and k.sender_id = ${userId(sender)} and k.client_message_id = ${key}
), head as (
  update chats set head_seq = head_seq + 1, head_n = head_n + 1, head_at = greatest(head_at, ${NOW}), last_message_at = greatest(head_at, ${NOW})
  where id = ${chatId(chat)} and exists (select from me) and not exists (select from earlier)
  returning head_seq, head_n, head_at
)
insert into messages (id, chat_id, sender_id, at, seq, n, version, changed_seq, client_message_id, body_hash, text, folded)
select ${id}, ${chatId(chat)}, ${userId(sender)}, head_at, head_seq, head_n, 1, head_seq, ${key}, 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC0Is0V1sFbDwCgg', ${text}, lower(${text})
from head returning seq`
type Parameter = 'chat' | 'sender' | 'key' | 'text'

const NOW = '(extract(epoch from clock_timestamp()) * 1000)::bigint'
const chatId = (n: string) => `('30000000-0000-7000-8000-' || lpad(to_hex(${n}::int), 12, '0'))::uuid`
const userId = (n: string) => `('10000000-0000-7000-8000-' || lpad(to_hex(${n}::int), 12, '0'))::uuid`

/** Chat 1 is a group of all; chats 2 … `chats + 1` are of two people each. */
export const limitTables = (chats: number) => `
insert into users (id, username, name, folded_name, created_at, is_erasing)
  select ${userId('n')}, 'person' || n, 'Person ' || n, 'person ' || n, 1, false from generate_series(1, ${2 * chats}) n;
insert into chats (id, created_at, head_at, last_message_at, head_seq, head_n, member_seq, member_n, kind)
  select ${chatId('n')}, 1, 1, 1, 1, 0, 1, 2, case when n = 1 then 'group' else 'private' end from generate_series(1, ${chats + 1}) n;
insert into members (chat_id, user_id, joined_at, read_at, joined_seq, read_seq, read_n, role)
  select ${chatId('1')}, ${userId('n')}, 1, 1, 1, 1, 0, 'member' from generate_series(1, ${2 * chats}) n
  union all select ${chatId('(n + 1) / 2 + 1')}, ${userId('n')}, 1, 1, 1, 1, 0, 'member' from generate_series(1, ${2 * chats}) n;
analyze`
