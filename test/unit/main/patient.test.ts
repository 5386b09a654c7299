import { expect, it } from 'vitest'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import { Refusal, type RefusalCode } from '../../../src/domain/refusal.ts'
import { patient } from '../../../src/main/seeding/patient.ts'

const refusing = (times: number, code: RefusalCode) => {
  let asked = 0
  const epoch = async () => {
    if (++asked <= times) throw new Refusal(code)
    return `after ${asked}`
  }
  return { api: { epoch } as unknown as ChatApi, asked: () => asked }
}

it('makes a call again where there is too much else to do, and waits longer each time', async () => {
  const waits: number[] = []
  const { api } = refusing(3, 'overloaded')
  expect(await patient(api, async (ms) => waits.push(ms)).epoch()).toBe('after 4')
  expect(waits).toEqual([100, 200, 300])
})

it.each([
  ['overloaded', 10],
  ['not-allowed', 1],
] as const)('gives up: %s', async (code, calls) => {
  const { api, asked } = refusing(1_000, code)
  await expect(patient(api, async () => undefined).epoch()).rejects.toMatchObject({ code })
  expect(asked()).toBe(calls)
})
