import type { Inlet, Inlets } from '../../../application/ports/inlets.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database, Row } from '../database/connect.ts'
import { lockingChat, queryOn, time } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

const ADD = `insert into {inlets} (id, chat_id, bot_id, name, secret_hash, created_by, created_at) select $1, $2, $3, $4, $5, $6, $7
  where exists (select 1 from {chats} where id = $2) and (select count(*) from {inlets} i where i.chat_id = $2) < $8`

export function mikroOrmInlets(database: Database): Inlets {
  const query = queryOn(database)
  const { em, change } = builtOn(database)
  const inlets = () => em.createQueryBuilder(entities.inlets)
  return {
    async add({ id, chatId, botId, name, hash, createdBy, createdAt }, limit) {
      const values = [id, chatId, botId, name, hash, createdBy, time(createdAt), limit]
      return (await query.together([...lockingChat(query, chatId), [ADD, values]])).at(-1)! > 0
    },
    async get(id) {
      const [row] = isUuid(id) ? await query('select * from {inlets} where id = $1', [id]) : []
      return row && inletOf(row)
    },
    async list(chatId) {
      if (!isUuid(chatId)) return []
      return (await query('select * from {inlets} where chat_id = $1 order by created_at, id', [chatId])).map(inletOf)
    },
    async remove(chatId, id) {
      return isUuid(chatId) && isUuid(id) && (await change(inlets().delete().where({ id, chat_id: chatId }))) > 0
    },
  }
}

const inletOf = (row: Row): Inlet => ({
  id: row.id as string,
  chatId: row.chat_id as ChatId,
  botId: row.bot_id as UserId,
  name: row.name as string,
  hash: row.secret_hash as string,
  createdBy: row.created_by as UserId,
  createdAt: row.created_at as number,
})
