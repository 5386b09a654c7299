import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Recording, record } from '../../support/golden/record.ts'
import { replay } from '../../support/golden/replay.ts'
import { broken } from '../../support/golden/shapes.ts'
import { eventually } from '../../support/waiting.ts'

/**
 * What each release said is kept in `test/support/golden/<release>.json`: one answer of each list and reading call, one result of each command, one
 * frame of each type, one event of each kind. Every later version must still send all of it (more members are fine), since clients of then
 * go on; and its client must still read it, since servers of then go on during an update. Before a release: `node test/support/golden/keep.ts v0.2`.
 */
const folder = new URL('../../support/golden/', import.meta.url)
const releases = readdirSync(folder).filter((name) => name.endsWith('.json'))
const kept = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording

describe.each(releases)('what %s said', (name) => {
  const then = kept(name)
  let now: Recording
  beforeAll(async () => {
    now = await record()
  })

  it.each(['calls', 'results', 'frames', 'events'] as const)('is still said: %s', (part) => {
    for (const [what, value] of Object.entries(then[part])) expect([what, broken(value, now[part][what])]).toEqual([what, []])
  })

  it('is still read by the client, and so is a kind of event that it does not know', async () => {
    const { client, told, chatId } = await replay(then)
    client.chat(chatId).open()
    client.start()
    await eventually(() => expect([...told].sort()).toEqual(['error: unknown-type', 'gone', 'joined', 'message']))
    const { items } = then.calls['listChats'] as { readonly items: readonly { readonly id: string }[] }
    await eventually(() => expect(client.chats.get().items.length).toBeGreaterThanOrEqual(items.length - 1))
    expect((await client.search('edited')).items).toHaveLength(1)
    client.close()
  })
})

describe('a version', () => {
  const then = kept(releases[0]!)
  const { message } = then.events['message.sent'] as { readonly message: object }

  it.each([
    ['leaves a member out', { ...message, text: undefined }, ['/text is missing']],
    ['changes a type', { ...message, seq: '5' }, ['/seq is string']],
    [
      'leaves a member of a member out',
      { ...message, sender: {} },
      ['/sender/id is missing', '/sender/username is missing', '/sender/name is missing'],
    ],
    ['adds a member', { ...message, reactions: [] }, []],
    ['has no value for a member', { ...message, sender: null }, []],
  ])('that %s is seen through', (_, now, wrong) => {
    expect(broken(message, JSON.parse(JSON.stringify(now)))).toEqual(wrong)
  })

  it('that lists nothing, or other ids, breaks no list', () => {
    expect(broken({ items: [{ a: 1 }] }, { items: [] })).toEqual([])
    expect(broken({ items: [{ a: 1 }] }, { items: [{}] })).toEqual(['/items/*/a is missing'])
    const at = (id: string) => ({ [`0190a6f0-0000-7000-8000-00000000000${id}`]: { read_seq: 1 } })
    expect(broken(at('1'), at('2'))).toEqual([])
  })
})
