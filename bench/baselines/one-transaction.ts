import { keys, TEXT, tally } from '../children/closed-loop.ts'
import { answering } from '../measure/child.ts'
import { Sqlite } from './drivers.ts'

/** Messages into SQLite, one transaction for each: the same reads and rows as the service's, by prepared statements. */
export interface StartSingle {
  readonly file: string
  readonly places: readonly { readonly userId: string; readonly chatId: string }[]
}

const PRAGMAS = ['busy_timeout = 10000', 'journal_mode = wal', 'synchronous = full', 'cache_size = -65536', 'temp_store = memory']

let send: (place: StartSingle['places'][number]) => void
let places: StartSingle['places'] = []
let isOn = false
let working: Promise<void> | undefined
let done = tally()
const nextKey = keys()

async function work(): Promise<void> {
  for (let i = 0; isOn; i++) {
    const sentAt = performance.now()
    send(places[i % places.length]!)
    done.count()
    done.took(sentAt)
    if (done.isDue()) await new Promise(setImmediate)
  }
}

answering({
  start(given: StartSingle) {
    places = given.places
    const database = new Sqlite(given.file)
    for (const pragma of PRAGMAS) database.pragma(pragma)
    const begin = database.prepare('begin immediate')
    const commit = database.prepare('commit')
    const chat = database.prepare('select * from chats where id = ?')
    const member = database.prepare(
      'select m.role, m.joined_seq, m.joined_at, u.username, u.name from members m join users u on u.id = m.user_id where m.chat_id = ? and m.user_id = ?',
    )
    const earlier = database.prepare('select * from messages where chat_id = ? and sender_id = ? and client_message_id = ?')
    const move = database.prepare('update chats set head_seq = ?, head_n = ?, head_at = ?, last_message_at = ? where id = ?')
    const insert = database.prepare(
      `insert into messages (id, chat_id, sender_id, at, seq, n, version, changed_seq, client_message_id, body_hash, text, folded)
       values (?, ?, ?, ?, ?, ?, 1, ?, ?, 'n4bQgYhMfWWaL-qgxVrQFaO_TxsrC0Is0V1sFbDwCgg', ?, ?)`,
    )
    send = ({ userId, chatId }) => {
      const key = nextKey()
      begin.run()
      const { head_seq, head_n } = chat.get(chatId) as { head_seq: number; head_n: number }
      if (!member.get(chatId, userId)) throw new Error('no member')
      if (earlier.get(chatId, userId, key)) throw new Error('a replay')
      const now = Date.now()
      move.run(head_seq + 1, head_n + 1, now, now, chatId)
      insert.run(crypto.randomUUID(), chatId, userId, now, head_seq + 1, head_n + 1, head_seq + 1, key, TEXT, TEXT.toLowerCase())
      commit.run()
    }
  },
  begin() {
    isOn = true
    done = tally()
    working = work()
  },
  mark: () => done.mark(),
  async end() {
    isOn = false
    await working
  },
})
