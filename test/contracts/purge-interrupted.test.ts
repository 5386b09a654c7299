import { describe, expect, it } from 'vitest'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { combiner } from '../../src/application/messages/reacting.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, MessageId, UserId } from '../../src/domain/ids.ts'
import { type DatabaseKind, databases, freshDatabase } from '../support/databases.ts'
import { dying } from '../support/dying.ts'
import { flatTables } from '../support/erased/flat.ts'
import { openUrl, portsOver } from '../support/mikro-orm.ts'
import { tempFolder } from '../support/places.ts'
import { eventually } from '../support/waiting.ts'

const kinds = databases.filter((kind) => kind !== 'memory')

/** A database with its tables, for one test. */
async function placeOf(kind: DatabaseKind) {
  const folder = await tempFolder()
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const url = fresh?.url ?? `sqlite:${folder.path}/chat.db`
  const behind = await connect(url)
  await migrate(behind)
  return {
    url,
    behind,
    async [Symbol.asyncDispose]() {
      await behind.close()
      await fresh?.drop()
      await folder.remove()
    },
  }
}
type Place = Awaited<ReturnType<typeof placeOf>>

/** Where anything names the chat. */
async function placesOf(database: Database, chatId: ChatId): Promise<string[]> {
  const flat = await flatTables(database)
  return [...flat].flatMap(([place, values]) => (values.some((value) => value.includes(chatId)) ? [place] : []))
}

async function deletedBy(
  { url, behind }: Place,
  statements: number,
): Promise<{ readonly isDead: boolean; readonly left: readonly string[] }> {
  const { database, arm, isDead } = dying(await connect(url))
  const store = portsOver(database)
  const { persons, group, send, edit, read, disband } = sceneOf(store)
  const [ann, bob] = (await persons(2)) as [UserId, UserId]
  const chatId = await group(ann, bob)
  const { id } = await send(chatId, bob, 'Needle')
  await edit(chatId, bob, id, 'Needle again')
  await read(chatId, ann, 2)
  arm(statements)
  const isDone = await disband(chatId, ann).then(
    () => true,
    () => false,
  )
  const gone = () => queryOn(behind)('select chat_id from {gone_chats}', [])
  await eventually(async () => expect(!isDone || isDead() || (await gone()).length === 0).toBe(true))
  const wasDead = isDead()
  arm(Number.POSITIVE_INFINITY)
  await store.close()

  const next = await openUrl(url)
  if (!isDone) await sceneOf(next).disband(chatId, ann)
  const left = await eventually(
    async () => {
      const places = await placesOf(behind, chatId)
      expect(places).toEqual(['deleted_chats.chat_id'])
      return places
    },
    { timeoutMs: 10_000 },
  )
  await next.close()
  return { isDead: wasDead, left }
}

describe.each(kinds)('a chat whose deletion is interrupted, on %s', (kind) => {
  it('is gone with all that it held after the next start, whichever statement was the last', { timeout: 120_000 }, async () => {
    // Postgres deletes the chat on another connection, and answers slowly.
    const [step, most] = kind === 'postgres' ? [4, 8] : [1, 20]
    let statements = 0
    for (let isDead = true; isDead; statements += step) {
      await using place = await placeOf(kind)
      ;({ isDead } = await deletedBy(place, statements))
    }
    expect(statements).toBeGreaterThan(most)
  })
})

/** What a user who has left a group has reacted there, once by mistake. */
async function reactedIn({ persons, group, send, dismiss, people, tick, ...scene }: Scene) {
  const { react } = combiner({ ...scene, clock: tick, later: (run) => run() })
  const [ann, bob] = (await persons(2)) as [UserId, UserId]
  const chatId = await group(ann, bob)
  const reacting = (userId: UserId, messageId: MessageId, emoji: string, on = true) => react(chatId, { userId, messageId, emoji, on })
  for (let i = 0; i < 2; i++) {
    const { id } = await send(chatId, ann)
    await reacting(ann, id, '👍')
    await reacting(bob, id, '👍')
    await reacting(bob, id, '🎉')
    await reacting(bob, id, '🎉', false)
  }
  await dismiss(chatId, ann, bob)
  await people.erase(bob, tick())
  return { chatId, bob }
}

const NAMING = `select 'an event' as place from {events} where chat_id = $1 and type = 'message.reacted' and payload like $2
  union all select 'a sum' from {reaction_sums} where chat_id = $1 and sums like $2`

describe.each(kinds)('what an erased user has reacted, on %s', (kind) => {
  it('is found again where a process ends in the middle, whichever statement was the last', { timeout: 60_000 }, async () => {
    await using place = await placeOf(kind)
    const { database, arm, isDead } = dying(await connect(place.url))
    const store = portsOver(database)
    const scene = sceneOf(store)
    const wrong: string[] = []
    const before: string[] = []
    let statements = 0
    for (let wasDead = true; wasDead; statements++) {
      const { chatId, bob } = await reactedIn(scene)
      const erasing = () => store.log.eraseTraces({ chatId, userId: bob }).catch(() => undefined)
      const named = async () => (await queryOn(place.behind)(NAMING, [chatId, `%${bob}%`])).map((row) => row.place as string)
      arm(statements)
      await erasing()
      wasDead = isDead()
      arm(Number.POSITIVE_INFINITY)
      const left = await named()
      before.push(...left)
      const isFound = (await store.chats.toErase(bob)).some((one) => one.chatId === chatId)
      if (left.length > 0 && !isFound) wrong.push(`${statements}: ${left.join()}`)
      await erasing()
      wrong.push(...(await named()).map((what) => `${statements}, in the end: ${what}`))
    }
    await store.close()
    expect(wrong).toEqual([])
    expect(new Set(before)).toEqual(new Set(['an event', 'a sum']))
    expect(statements).toBeGreaterThan(4)
  })
})
