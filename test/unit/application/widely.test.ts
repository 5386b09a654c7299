import { expect, it } from 'vitest'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import { widely } from '../../../src/application/widely.ts'
import { type ChatState, nothing, wider } from '../../../src/domain/decision.ts'
import { asId, type ChatId, type UserId } from '../../../src/domain/ids.ts'

const chat: ChatId = asId('00000000-0000-7000-8000-0000000000c1')
const [one, two]: UserId[] = [asId('00000000-0000-7000-8000-0000000000a1'), asId('00000000-0000-7000-8000-0000000000a2')]
const ports = memoryPorts(memoryStore('epoch'), () => {})

it('repeats a change with the names that its decision asks for, added to those of its scope', async () => {
  const asked: string[][] = []
  const decide = (state: ChatState) => {
    asked.push([...state.people.keys(), ...state.members.keys()])
    if (!state.people.has(two!)) throw wider({ people: [two!] })
    if (!state.members.has(one!)) throw wider({ members: [one!] })
    return nothing('decided')
  }
  expect(await widely(ports, { chat, people: [one!] }, decide)).toBe('decided')
  expect(asked).toEqual([[one], [one, two], [one, two, one]])
})

it('gives up on a decision that is never content', async () => {
  let times = 0
  const decide = () => {
    times++
    throw wider({ people: [two!] })
  }
  await expect(widely(ports, { chat }, decide)).rejects.toThrow('a scope was not widened')
  expect(times).toBe(5)
})

it('passes on whatever else is thrown', async () => {
  const decide = () => {
    throw new Error('other')
  }
  await expect(widely(ports, { chat }, decide)).rejects.toThrow('other')
})
