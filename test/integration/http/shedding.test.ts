import { createServer, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { shedding } from '../../../src/adapters/http/shedding.ts'
import { listening } from '../../support/http-server.ts'
import { eventually } from '../../support/waiting.ts'

const ID = '01890000-0000-7000-8000-000000000001'
const basics = { stopwatch: () => 0, newId: () => ID }

describe('a server with more to do than it can', () => {
  it('refuses at once what comes while as many as it takes are under way, but no probe, and takes more when they are answered', async () => {
    const held: ServerResponse[] = []
    let refused = 0
    const answer = shedding(
      ({ url }, response) => {
        if (url === '/livez') response.end('alive')
        else held.push(response)
      },
      { ...basics, atOnce: 2, onRefused: () => refused++ },
    )
    const { url, close } = await listening(createServer(answer))
    const first = [fetch(`${url}/api/v1/me`), fetch(`${url}/api/v1/me`)]
    await eventually(() => expect(held).toHaveLength(2))
    const third = await fetch(`${url}/api/v1/me`)
    expect([third.status, third.headers.get('retry-after'), third.headers.get('access-control-allow-origin')]).toEqual([503, '1', '*'])
    expect(await third.json()).toMatchObject({ code: 'overloaded', request_id: ID })
    expect(third.headers.get('x-request-id')).toBe(ID)
    expect(refused).toBe(1)
    expect(await (await fetch(`${url}/livez`)).text()).toBe('alive')
    for (const response of held.splice(0)) response.end('done')
    expect(await Promise.all(first.map(async (one) => (await one).text()))).toEqual(['done', 'done'])
    const fourth = fetch(`${url}/api/v1/me`)
    await eventually(() => expect(held).toHaveLength(1))
    held[0]!.end('done')
    expect(await (await fourth).text()).toBe('done')
    await close()
  })

  it('refuses what arrived in a turn of the event loop that has lasted too long, and takes requests again in the next', async () => {
    let now = 0
    const outcomes: number[] = []
    const response = { once: () => {}, writeHead: (status: number) => outcomes.push(status), end: () => {} } as unknown as ServerResponse
    const handle = shedding(
      () => {
        outcomes.push(200)
        now += 10
      },
      { ...basics, stopwatch: () => now, turnMs: 25, perTurn: 4 },
    )
    const arrive = () => handle({ url: '/' } as never, response)
    for (let i = 0; i < 6; i++) arrive()
    expect(outcomes).toEqual([200, 200, 200, 200, 503, 503])
    await new Promise<void>((resolve) => setImmediate(resolve))
    arrive()
    expect(outcomes.at(-1)).toBe(200)
  })
})
