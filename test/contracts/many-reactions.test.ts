import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { combiner } from '../../src/application/messages/reacting.ts'
import { sceneOf } from '../../src/contracts/scene.ts'
import type { UserId } from '../../src/domain/ids.ts'
import { databases } from '../support/databases.ts'
import { openStore } from '../support/stores.ts'

const MEMBERS = 1_200
const REACTING = 1_000
/** Processes on one store: each gathers for itself. */
const PROCESSES = 2

/** A message to which 1,000 react at the same time, through two processes: what the log grows by, and how long each waits. */
it.each(databases)('1,000 reactions to one message at once are few events on %s', { timeout: 120_000 }, async (kind) => {
  const store = await openStore(kind)
  const { persons, group, send, chats, events, log } = sceneOf(store)
  const members: UserId[] = []
  while (members.length < MEMBERS) members.push(...(await persons(100)))
  const [owner, ...others] = members as [UserId, ...UserId[]]
  const chat = await group(owner, ...others)
  const message = await send(chat, owner)
  const later = (run: () => void, ms: number) => void setTimeout(run, ms)
  const processes = Array.from({ length: PROCESSES }, () => combiner({ log, clock: Date.now, later }))
  const react = (userId: UserId, i: number) =>
    processes[i % PROCESSES]!.react(chat, { userId, messageId: message.id, emoji: '👍', on: true })
  // What a chat is like a process learns from its first change there.
  for (const [i, userId] of others.slice(0, PROCESSES).entries()) await react(userId, i)
  const head = (await chats.heads([chat])).get(chat)!
  const waited: number[] = []
  await Promise.all(
    others.slice(PROCESSES, REACTING).map(async (userId, i) => {
      await pause(Math.floor(i / 100) * 50)
      const began = performance.now()
      await react(userId, i)
      waited.push(performance.now() - began)
    }),
  )
  const told = (await events(chat)).slice(head)
  expect(told.length).toBeLessThanOrEqual(40)
  expect(told.every((event) => event.type === 'message.reacted' && event.changes[0]!.userIds.length <= 100)).toBe(true)
  const shown = (await chats.message(owner, chat, message.id))!.message!.reactions
  expect(shown.sums).toEqual([{ emoji: '👍', count: REACTING, userIds: expect.any(Array) }])
  // A second to gather, and the commit: times the noise of a busy machine.
  expect(waited.toSorted((a, b) => a - b)[Math.floor(waited.length * 0.99)]!).toBeLessThan(3_000)
  await store.close?.()
})
