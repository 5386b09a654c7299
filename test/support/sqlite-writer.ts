import { sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, UserId } from '../../src/domain/ids.ts'
import { openUrl } from './mikro-orm.ts'

/** A process that writes beside others: `url chat sender count`. Prints the ids of what was acknowledged. */
const [url, chat, sender, count] = process.argv.slice(2) as [string, ChatId, UserId, string]
const store = await openUrl(url)
const scene = sceneOf(store)
const texts = Array.from({ length: Number(count) }, (_, i) => `text ${i}`)
const sent = await Promise.all(texts.map((text, i) => scene.send(chat, sender, text, { key: `key ${i}` })))
await scene.receipts.advance({ chatId: chat, userId: sender, to: sent.at(-1)!.seq, at: scene.tick() })
await store.close()
console.log(JSON.stringify(sent.map((message) => message.id)))
