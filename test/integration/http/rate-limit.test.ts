import { describe, expect, it } from 'vitest'
import { serveHttp } from '../../support/http-server.ts'

describe('limits, as a client reads them', () => {
  it('stand in the headers of each call, and of the refusal above them', async () => {
    await using server = await serveHttp({}, { rateLimits: true })
    const anna = await server.register('Anna')
    const first = await anna.call('get', '/users/me')
    expect(first.headers.get('ratelimit-policy')).toBe('"work";q=2000;w=10, "work-network";q=40000;w=10')
    expect(first.headers.get('ratelimit')).toMatch(/^"work";r=1999;t=\d+, "work-network";r=39999;t=\d+$/)
    for (let i = 0; i < 99; i++) expect((await anna.call('get', '/messages?query=hello')).status).toBe(200)
    const last = await anna.call('get', '/messages?query=hello')
    expect([last.status, last.body.code]).toEqual([429, 'too-many-requests'])
    expect(last.headers.get('ratelimit-policy')).toBe('"work";q=2000;w=10')
    expect(last.headers.get('ratelimit')).toMatch(/^"work";r=0;t=\d+$/)
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
    const boris = await server.register('Boris')
    expect((await boris.call('get', '/messages?query=hello')).status).toBe(200)
  })

  it('are lifted by `RATE_LIMITS=off`, with their headers', async () => {
    await using server = await serveHttp({}, { rateLimits: false })
    const anna = await server.register('Anna')
    for (let i = 0; i < 110; i++) expect((await anna.call('get', '/messages?query=hello')).status).toBe(200)
    expect((await anna.call('get', '/users/me')).headers.get('ratelimit')).toBeNull()
  })
})
