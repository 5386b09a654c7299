import type { Inlet, Inlets } from '../../../application/ports/inlets.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import { builtOn } from '../database/built.ts'
import type { Database, Row } from '../database/connect.ts'
import { queryOn } from '../database/query.ts'
import { entities, isUuid } from '../database/schema.ts'

export function mikroOrmInlets(database: Database): Inlets {
  const query = queryOn(database)
  const { em, change } = builtOn(database)
  const inlets = () => em.createQueryBuilder(entities.inlets)
  return {
    async add({ id, chatId, botId, name, hash, createdBy, createdAt }) {
      const row = { id, chat_id: chatId, bot_id: botId, name, secret_hash: hash, created_by: createdBy, created_at: createdAt }
      await change(inlets().insert(row))
    },
    async get(id) {
      const [row] = isUuid(id) ? await query('select * from {inlets} where id = $1', [id]) : []
      return row && inletOf(row)
    },
    async list(chatId) {
      return (await query('select * from {inlets} where chat_id = $1 order by created_at, id', [chatId])).map(inletOf)
    },
    async remove(chatId, id) {
      return isUuid(id) && (await change(inlets().delete().where({ id, chat_id: chatId }))) > 0
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
