import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { windiChat } from '../support/command.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { httpClient } from '../support/http-client.ts'
import { tempFolder } from '../support/places.ts'
import { startService } from '../support/service.ts'
import { connect } from '../support/socket-client.ts'
import { eventually } from '../support/waiting.ts'

const lasting = databases.filter((kind) => kind !== 'memory')

/** A running service, and the command line beside it as an operator uses it. */
async function operated(kind: (typeof lasting)[number]) {
  const folder = await tempFolder()
  const postgres = kind === 'postgres' ? await freshDatabase() : undefined
  const env: Record<string, string> = postgres ? { DATABASE_URL: postgres.url } : {}
  const service = await startService({ folder: folder.path, env })
  const run = (args: readonly string[], input = '') => windiChat(folder.path, args, { env, input })
  return {
    folder: folder.path,
    http: httpClient(service.url),
    url: service.url,
    logs: service.logs,
    run,
    /** Runs a command that is to succeed; returns its JSON. */
    async json(args: readonly string[], input = '') {
      const { status, stdout, stderr } = await run([...args, '--json'], input)
      expect({ args, status, stderr: stderr.replace(/^\{"level":"?(info|30).*\n/gm, '') }).toEqual({ args, status: 0, stderr: '' })
      return JSON.parse(stdout)
    },
    async [Symbol.asyncDispose]() {
      await service.stop()
      await postgres?.[Symbol.asyncDispose]()
      await folder.remove()
    },
  }
}

describe.each(lasting)('the operator’s commands beside a service on %s', { timeout: 120_000 }, (kind) => {
  it('find, disable, enable and delete users, and the service follows within seconds', async () => {
    await using it = await operated(kind)
    const [ann, bob] = [await it.http.register('Ann', { username: 'ann' }), await it.http.register('Bob', { username: 'bob' })]
    const all = await it.json(['user', 'list'])
    expect(all).toMatchObject({ items: [{ id: ann.id, username: 'ann', is_admin: false, disabled_at: null }, { id: bob.id }], next: null })
    const first = await it.json(['user', 'list', '--limit', '1'])
    expect(first.items.map(({ id }: { id: string }) => id)).toEqual([ann.id])
    expect((await it.json(['user', 'list', '--limit', '1', '--cursor', first.next])).items).toMatchObject([{ id: bob.id }])
    expect((await it.json(['user', 'list', '--query', 'BO'])).items).toMatchObject([{ id: bob.id }])

    await using socket = await connect(it.url, { token: bob.token })
    expect(await it.json(['user', 'disable', 'BOB'])).toMatchObject({ id: bob.id, disabled_at: expect.any(String) })
    expect((await it.json(['user', 'list', '--state', 'disabled'])).items).toMatchObject([{ id: bob.id }])
    expect((await socket.closed).code).toBe(4403)
    await eventually(
      async () => expect(await bob.call('get', '/users/me')).toMatchObject({ status: 401, body: { code: 'person-disabled' } }),
      {
        timeoutMs: 6_000,
      },
    )
    await expect(it.http.login('bob', bob.password)).rejects.toThrow('person-disabled')
    expect(await it.json(['user', 'enable', bob.id])).toMatchObject({ disabled_at: null })
    await it.http.login('bob', bob.password)
    expect(await it.json(['user', 'delete', 'bob'])).toEqual({ id: bob.id, deleted: true })
    expect((await ann.call('get', `/users/${bob.id}`)).status).toBe(404)
    expect(await it.run(['user', 'enable', 'bob'])).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no user bob.') })
    expect((await it.json(['audit', '--user', bob.id])).items.map(({ deed }: { deed: string }) => deed)).toEqual([
      'user.deleted',
      'user.enabled',
      'user.disabled',
    ])
  })

  it('make codes, passwords and staff', async () => {
    await using it = await operated(kind)
    const ann = await it.http.register('Ann', { username: 'ann' })
    const { code } = await it.json(['user', 'recovery', 'ann'])
    const reset = await it.http.call<{ access_token: string }>('post', '/auth/reset', { body: { code, password: 'the first new words' } })
    expect(reset.status).toBe(200)
    expect((await it.http.call('post', '/auth/reset', { body: { code, password: 'the second new words' } })).body.code).toBe('bad-code')

    expect(await it.json(['user', 'password', 'ann', '--password-stdin'], 'words of an operator\n')).toEqual({ id: ann.id })
    await eventually(async () => expect((await it.http.call('get', '/users/me', { token: reset.body.access_token })).status).toBe(401), {
      timeoutMs: 6_000,
    })
    await expect(it.http.login('ann', 'the first new words')).rejects.toThrow('bad-credentials')
    const signedIn = await it.http.login('ann', 'words of an operator')
    const made = await it.json(['user', 'password', 'ann'])
    await it.http.login('ann', made.password)
    expect(await it.run(['user', 'password', 'ann', '--password-stdin'], 'password\n')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('commonest'),
    })
    expect(signedIn.id).toBe(ann.id)

    const staff = await it.http.login('ann', made.password)
    expect((await staff.call('get', '/admin/users')).body.code).toBe('not-allowed')
    expect(await it.json(['user', 'admin', 'ann'])).toEqual({ id: ann.id, is_admin: true, changed: true })
    expect(await it.json(['user', 'admin', 'ann'])).toMatchObject({ changed: false })
    expect(await staff.call('get', '/admin/users')).toMatchObject({ status: 200, body: { items: [{ id: ann.id, is_admin: true }] } })
    expect((await it.run(['user', 'list'])).stdout).toMatch(/ann .*staff/)
    expect(await it.json(['user', 'admin', 'ann', '--off'])).toMatchObject({ is_admin: false, changed: true })
    expect((await staff.call('get', '/admin/users')).status).toBe(403)
    const deeds = (await it.json(['audit'])).items
    expect(deeds.map(({ deed }: { deed: string }) => deed).filter((deed: string) => deed.includes('staff'))).toEqual([
      'user.staff-ended',
      'user.staff-made',
    ])
    for (const { actor_id, key_id } of deeds) expect({ actor_id, key_id }).toEqual({ actor_id: null, key_id: null })
    for (const secret of [code, made.password, 'words of an operator']) expect(JSON.stringify(deeds) + it.logs()).not.toContain(secret)
  })

  it('list, show and delete chats, and members hear of it', async () => {
    await using it = await operated(kind)
    const [ann, bob] = [await it.http.register('Ann'), await it.http.register('Bob')]
    const made: string[] = []
    for (const name of ['One', 'Two'])
      made.push((await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name, member_ids: [bob.id] })).body.id)
    const list = await it.json(['chat', 'list', '--limit', '1'])
    expect(list).toMatchObject({ items: [{ id: made[1], kind: 'group', name: 'Two', member_count: 2 }], next: made[1] })
    expect((await it.json(['chat', 'list', '--cursor', list.next])).items).toMatchObject([{ id: made[0] }])
    expect(await it.json(['chat', 'show', made[0]!])).toMatchObject({ id: made[0], name: 'One' })
    await using socket = await connect(it.url, { token: bob.token })
    await socket.resume()
    expect(await it.json(['chat', 'delete', made[0]!])).toEqual({ id: made[0], deleted: true })
    await socket.first('chat_gone', ({ chat_id }) => chat_id === made[0])
    expect((await ann.call('get', `/chats/${made[0]}`)).status).toBe(404)
    expect(await it.run(['chat', 'show', made[0]!, '--json'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('chat-not-found'),
    })
    expect((await it.json(['audit', '--chat', made[0]!])).items).toMatchObject([{ deed: 'chat.deleted', chat_id: made[0] }])
  })

  it('write all about one user to a file', async () => {
    await using it = await operated(kind)
    const [ann, bob] = [await it.http.register('Ann', { username: 'ann' }), await it.http.register('Bob')]
    const chat = (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'One', member_ids: [bob.id] })).body.id
    for (const [one, text] of [
      [ann, 'of Ann'],
      [bob, 'of Bob'],
    ] as const)
      await one.call('post', `/chats/${chat}/messages`, { client_message_id: 'k', text })
    const { rows, id } = await it.json(['user', 'export', 'ann', 'ann.jsonl'])
    const text = await readFile(join(it.folder, 'ann.jsonl'), 'utf8')
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { about: string })
    expect([id, lines.length]).toEqual([ann.id, rows])
    expect(new Set(lines.map(({ about }) => about)).size).toBeGreaterThan(2)
    expect(text).toContain('of Ann')
    for (const other of ['of Bob', ann.password, 'argon2']) expect(text).not.toContain(other)
    expect(await it.run(['user', 'export', 'ann', 'ann.jsonl'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('exists already'),
    })
    expect((await it.json(['audit', '--user', 'ann'])).items).toMatchObject([{ deed: 'user.exported' }, { deed: 'user.exported' }])
  })

  it('list and resolve reports', async () => {
    await using it = await operated(kind)
    const [ann, bob] = [await it.http.register('Ann'), await it.http.register('Bob')]
    const chat = (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'One', member_ids: [bob.id] })).body.id
    const message = (await bob.call<{ id: string }>('post', `/chats/${chat}/messages`, { client_message_id: 'k', text: 'buy this' })).body
      .id
    expect((await ann.call('post', `/chats/${chat}/messages/${message}/reports`, { reason: 'spam' })).status).toBe(201)
    const [report] = (await it.json(['report', 'list', '--state', 'open'])).items
    expect(report).toMatchObject({ reason: 'spam' })
    expect((await it.run(['report', 'resolve', report.id])).status).toBe(2)
    await it.json(['report', 'resolve', report.id, '--action', 'delete'])
    expect((await it.json(['report', 'list', '--state', 'open'])).items).toEqual([])
    expect((await ann.call<{ text: null }>('get', `/chats/${chat}/messages/${message}`)).body.text).toBeNull()
    expect((await it.json(['audit'])).items.map(({ deed }: { deed: string }) => deed)).toEqual(['report.resolved', 'message.deleted'])
  })

  it('make, change and delete webhooks and keys', async () => {
    await using it = await operated(kind)
    const received: string[] = []
    const receiver = createServer((request, response) => {
      received.push(String(request.headers['webhook-id']))
      response.end()
    }).listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    try {
      const { secret, id } = await it.json(['hook', 'create', url, '--types', 'message.sent,chat.created'])
      expect(secret).toMatch(/^whsec_/)
      const ann = await it.http.register('Ann')
      const chat = (await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'One' })).body.id
      await eventually(() => expect(received).not.toEqual([]), { timeoutMs: 10_000 })
      expect((await it.json(['hook', 'list'])).items).toMatchObject([{ id, url, types: ['message.sent', 'chat.created'], enabled: true }])
      expect((await it.json(['hook', 'rotate', id])).secret).not.toBe(secret)
      expect(await it.json(['hook', 'disable', id])).toMatchObject({ enabled: false, state: 'off' })
      expect(await it.json(['hook', 'enable', id])).toMatchObject({ enabled: true })
      const before = received.length
      expect(await it.json(['hook', 'replay', id, '--from', '2020-01-01T00:00:00Z', '--chat', chat])).toMatchObject({ id })
      await eventually(() => expect(received.length).toBeGreaterThan(before), { timeoutMs: 10_000 })
      expect(await it.json(['hook', 'dead', id])).toEqual({ items: [], next: null, prev: null })
      expect(await it.json(['hook', 'retry', id])).toMatchObject({ id })
      expect(await it.json(['hook', 'skip', id, '--chat', chat])).toMatchObject({ id })
      expect(await it.json(['hook', 'show', id])).toMatchObject({ id, state: 'ok' })
      expect(await it.json(['hook', 'delete', id])).toEqual({ id, deleted: true })
      expect(await it.run(['hook', 'show', id, '--json'])).toMatchObject({ status: 1, stderr: expect.stringContaining('not-found') })
      expect((await it.run(['hook', 'create', 'ftp://nowhere'])).stderr).toContain('url')
    } finally {
      receiver.close()
    }
    const key = await it.json(['key', 'add', '--name', 'Back end', '--scopes', 'read'])
    expect((await it.http.call('get', '/chats', { token: key.key })).status).toBe(200)
    expect(await it.json(['key', 'revoke', key.id])).toEqual({ id: key.id, revoked: true })
    expect((await it.run(['key', 'revoke', key.id])).status).toBe(1)
    const deeds = (await it.json(['audit'])).items.filter(({ facts }: { facts: { key_id?: string } }) => facts.key_id === key.id)
    expect(deeds.map(({ deed }: { deed: string }) => deed)).toEqual(['key.revoked', 'key.made'])
  })
})
