import type { Files, SharedFile, SharedFilePosition } from '../../../application/ports/files.ts'
import type { Database, Row } from '../database/connect.ts'
import { counted, pageOf } from '../database/page.ts'
import { queryOn, whole } from '../database/query.ts'
import { isUuid } from '../database/schema.ts'
import { FILE, FILES, fileOf, IS_AVATAR } from './rows.ts'

export function listing(database: Database): Pick<Files, 'visible' | 'ofChat'> {
  const query = queryOn(database)
  return {
    async visible(viewer, ids) {
      const known = ids.filter(isUuid)
      if (known.length === 0 || !isUuid(viewer)) return []
      const rows = await query(
        `select ${FILE} from ${FILES} where ${query.among('f.id', 2)} and (f.owner_id = $1 or exists (select 1 from {file_links} l
          join {members} m on m.chat_id = l.chat_id and m.user_id = $1 where l.file_id = f.id)
          or exists (select 1 from {users} u where u.id = f.owner_id and ${IS_AVATAR('f')})
          or exists (select 1 from {chats} c join {members} m on m.chat_id = c.id and m.user_id = $1 where c.avatar = f.id))`,
        [viewer, known],
      )
      return rows.map(fileOf)
    },
    async ofChat(chatId, { kind }, window) {
      if (!isUuid(chatId)) return { items: [], next: undefined, prev: undefined }
      const { from, limit } = window
      const values = [chatId, ...(kind === undefined ? [] : [kind])]
      const where = `l.chat_id = $1${kind === undefined ? '' : ' and l.kind = $2'}`
      const [seq, place, last] = [1, 2, 3].map((n) => `$${values.length + n}`)
      const below = `(l.message_seq < ${seq} or (l.message_seq = ${seq} and l.place > ${place}))`
      const rows = await query(
        `select ${FILE}, l.message_id, l.message_seq, l.place, l.sender_id from {file_links} l join {files} f on f.id = l.file_id
          join {blobs} b on b.sha256 = f.sha256 where ${where} and ${below} order by l.message_seq desc, l.place limit ${last}`,
        [...values, from ? whole(from.seq) : FROM_THE_NEWEST, from ? whole(from.place) : 0, limit + 1],
      )
      const page = pageOf<SharedFile, SharedFilePosition>(rows, window, { item: sharedOf, position: positionOf })
      return counted(page, window, () => query(`select cast(count(*) as integer) as total from {file_links} l where ${where}`, values))
    },
  }
}

const FROM_THE_NEWEST = 2_147_483_647

const sharedOf = (row: Row): SharedFile => ({
  messageId: row.message_id as SharedFile['messageId'],
  messageSeq: row.message_seq as number,
  senderId: row.sender_id as SharedFile['senderId'],
  file: fileOf(row),
})
const positionOf = (row: Row): SharedFilePosition => ({ seq: row.message_seq as number, place: row.place as number })
