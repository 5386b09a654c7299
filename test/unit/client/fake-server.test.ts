import { expect, it } from 'vitest'
import type { FakeServerOptions } from '../../../src/testing.ts'
import { clientOf, given, lines } from './given.ts'

/** Everything that one device hears of a run with losses. */
async function heard(options: FakeServerOptions): Promise<string[]> {
  const { server, ann, bob, chatId, clock } = await given(options)
  const device = server.device()
  const frames: string[] = []
  function Overheard(url: string) {
    const socket = new device.platform.WebSocket!(url)
    return new Proxy(socket, {
      get: (_, name: 'send') => socket[name],
      set(_, name: 'onmessage', listener: (event: { data: string }) => void) {
        socket[name] =
          name !== 'onmessage' ? listener : (event: { data: string }) => (frames.push(`${clock.now()} ${event.data}`), listener(event))
        return true
      },
    })
  }
  const { client } = clientOf(server, ann, { device, WebSocket: Overheard as never })
  client.chat(chatId).open()
  server.faults.eventLoss = server.faults.answerLoss = 0.3
  for (let i = 0; i < 10; i++) {
    client.chat(chatId).send(`mine ${i}`)
    await bob.send(chatId, `theirs ${i}`)
    await clock.advance(1_000)
  }
  server.faults.eventLoss = server.faults.answerLoss = 0
  await clock.advance(60_000)
  expect(lines(client, chatId)).toHaveLength(20)
  return frames
}

it('makes the same run of the same seed', async () => {
  const frames = await heard({ seed: 7 })
  expect(frames.length).toBeGreaterThan(20)
  expect(await heard({ seed: 7 })).toEqual(frames)
  expect(await heard({ seed: 8 })).not.toEqual(frames)
})

it('gives the successor of a token again that was spent a moment ago, and ends the session of one spent earlier', async () => {
  const { server, ann, clock } = await given()
  const { platform } = server.device()
  const session = ann.session()
  const refreshed = async () => {
    const answer = platform.fetch(`${server.url}/api/v1/auth/refresh`, {
      method: 'POST',
      body: JSON.stringify({ refresh_token: session.refreshToken }),
    })
    await clock.advance(100)
    return (await (await answer).json()) as { refresh_token?: string; code?: string }
  }
  const { refresh_token: next } = await refreshed()
  expect(next).not.toBe(session.refreshToken)
  expect(await refreshed()).toMatchObject({ refresh_token: next })
  await clock.advance(60_000)
  expect(await refreshed()).toMatchObject({ code: 'session-ended' })
})

it('says so when a timer keeps the time from moving on', async () => {
  const { clock } = await given()
  const again = () => void clock.later(0, again)
  again()
  await expect(clock.advance(10)).rejects.toThrow('set again and again')
})
