import { describe, expect, it } from 'vitest'
import { people } from '../../../src/client/calls/people.ts'
import { apply } from '../../../src/client/copy/absorb.ts'
import { copies, RECORDED, record, recordedAbove } from '../../../src/client/copy/copies.ts'
import { cursorAt, receive, skip } from '../../../src/client/copy/cursor.ts'
import { addPage, changed, emptyTimeline, KEPT } from '../../../src/client/copy/timeline.ts'
import { cell } from '../../../src/client/platform/store.ts'
import { clientOf, given, online } from '../client/given.ts'

const many = (count: number) => Array.from({ length: count }, (_, i) => i)

describe('a client keeps', () => {
  it('256 events that come too early, and as many skips', () => {
    const cursor = cursorAt<{ seq: number }>(0)
    for (const i of many(1_000)) receive(cursor, { seq: 2 * i + 2 })
    for (const i of many(1_000)) skip(cursor, 2 * i + 5, 2 * i + 5)
    expect([cursor.held.size, cursor.skips.length]).toEqual([256, 256])
  })

  it('the presence of 2,000 people, those told last', () => {
    const crowd = people((() => {}) as never, cell<readonly string[]>([]))
    crowd.present(many(1_500).map((i) => `early ${i}`))
    crowd.present(many(1_500).map((i) => `late ${i}`))
    const known = crowd.presence.get()
    expect([known.size, known.has('early 999'), known.has('early 1000'), known.has('late 1499')]).toEqual([2_000, false, true, true])
  })

  it('2,000 events for what is being loaded: with more, it is loaded again', () => {
    const all = copies(Object.assign(cell<readonly string[]>([])))
    const copy = all.at('chat')
    const over = all.record()
    for (const i of many(RECORDED)) record(copy, { seq: i + 1, event: undefined })
    copy.cursor = cursorAt(RECORDED)
    expect(recordedAbove(copy, 0)).toHaveLength(RECORDED)
    for (const i of many(RECORDED)) record(copy, { seq: RECORDED + i + 1, event: undefined })
    expect([copy.recorded.length, recordedAbove(copy, 0)]).toEqual([RECORDED + 1, undefined])
    over()
    expect(copy.recorded).toEqual([])
  })

  it('20,000 messages of a chat, the newest, and 1,000 places that have changed', () => {
    const timeline = emptyTimeline(0)
    addPage(timeline, [], { from: 1, to: 0 })
    const listed = { seqs: new Set<number>(), isWhole: false }
    for (const i of many(1_001)) changed({ ...timeline, changes: listed }, i)
    expect(listed).toEqual({ seqs: new Set(), isWhole: true })
    const message = (seq: number) => ({ id: `${seq}`, chatId: 'chat', seq, version: 1, sender: { id: 'ann' }, text: 'text' })
    for (const i of many(KEPT + 500)) apply(timeline, i + 1, { type: 'message.sent', seq: i + 1, message: message(i + 1) } as never)
    expect(timeline.messages.size).toBeLessThanOrEqual(KEPT)
    expect(timeline.order.at(-1)).toBe(`${KEPT + 500}`)
    expect(timeline.messages.size).toBe(timeline.order.length)
  })

  it('8 sends under way after an outage, the first of each chat', async () => {
    const { server, ann, bob, clock } = await given()
    const ids: string[] = []
    for (const i of many(20)) ids.push(await ann.group(`Group ${i}`, [bob.id]))
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    device.setOnline(false)
    for (const id of ids) for (const i of many(2)) client.chat(id).send(`${i}`)
    server.faults.latencyMs = [100, 100]
    let most = 0
    client.outbox.subscribe(() => {
      most = Math.max(most, client.outbox.get().filter(({ state }) => state === 'sending').length)
    })
    device.setOnline(true)
    await clock.until(() => client.outbox.get().length === 0)
    expect(most).toBe(8)
    for (const id of ids) expect(server.texts(id)).toEqual(['0', '1'])
  })
})
