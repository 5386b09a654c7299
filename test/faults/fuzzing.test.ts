import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openapi } from '../../src/adapters/wire/openapi.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { fuzzCampaign, growthOf } from '../support/fuzz/campaign.ts'
import { chance } from '../support/fuzz/chance.ts'
import { fuzzHttp, type OpenApi } from '../support/fuzz/http.ts'
import { httpClient } from '../support/http-client.ts'
import { listening } from '../support/http-server.ts'
import { startService } from '../support/service.ts'

/** Another one: `node test/faults/fuzz.ts --seed`. */
const SEED = 20_261
/** In a short run, in which caches that are bounded still fill up. */
const GROWTH_MB = 16

describe.each(databases.filter((kind) => kind !== 'memory'))('both edges, fuzzed by their documents, on %s', (kind) => {
  it('answer nothing of 500, nothing that the documents do not know, and go on in flat memory', { timeout: 240_000 }, async () => {
    const postgres = kind === 'postgres' ? await freshDatabase() : undefined
    const env = postgres && { DATABASE_URL: postgres.url }
    const { faults, defects, answers, memory } = await fuzzCampaign({
      seed: SEED,
      rounds: 4,
      requests: 250,
      frames: 300,
      ...(env && { env }),
    })
    await postgres?.drop()
    expect(faults).toEqual([])
    expect(defects).toEqual([])
    expect(growthOf(memory)).toBeLessThanOrEqual(GROWTH_MB)
    // Most requests would prove little if hardly any were understood.
    for (const answer of ['200', '201', '204', 'ok']) expect(answers[answer], answer).toBeGreaterThan(10)
  })
})

/** In front of a service, each answering some requests in its own way. */
const saboteurs: Readonly<Record<string, (status: number) => number>> = {
  'answers 500 where a call was refused': (status) => (status === 422 ? 500 : status),
  'answers 503 now and then': (status) => (status === 404 ? 503 : status),
  'answers what the document does not know': (status) => (status === 200 ? 206 : status),
}

it.each(Object.entries(saboteurs))('would notice a server that %s', { timeout: 60_000 }, async (_, turn) => {
  await using service = await startService({ env: { DATABASE_URL: 'memory:' } })
  const front = await listening(
    createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const { authorization, 'content-type': type = 'application/json' } = request.headers
      const passed = await fetch(service.url + request.url, {
        method: request.method!,
        headers: { 'content-type': type, ...(authorization && { authorization }) },
        ...(parts.length > 0 && { body: Buffer.concat(parts) }),
      })
      const isOurs = /users\/me$|chats|register|files\?/.test(request.url!)
      response.writeHead(isOurs && request.method === 'GET' ? turn(passed.status) : passed.status)
      response.end(Buffer.from(await passed.arrayBuffer()))
    }),
  )
  const key = await httpClient(service.url).register('Somebody')
  const { faults } = await fuzzHttp(
    openapi({ version: '0' }) as unknown as OpenApi,
    { url: front.url, tokens: [key.token] },
    { seed: SEED, count: 400 },
  )
  await front.close()
  expect(faults).not.toEqual([])
})

it('the same seed makes the same requests', () => {
  const [one, other] = [chance(7), chance(7)]
  const numbers = Array.from({ length: 100 }, () => one.next())
  expect(Array.from({ length: 100 }, () => other.next())).toEqual(numbers)
  expect(new Set(numbers).size).toBe(100)
})

it('growth is measured against the first half', () => {
  expect(growthOf([500, 100, 110, 105, 200])).toBe(90)
  expect(growthOf([100, 100, 100, 100])).toBe(0)
})
