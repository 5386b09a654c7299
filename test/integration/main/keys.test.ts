import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Mounted, openChat } from '../../../src/main/mount.ts'
import { listening, plainPasswords } from '../../support/http-server.ts'

let chat: Mounted
let url: string
let stop: () => Promise<void>
beforeAll(async () => {
  chat = await openChat({ databaseUrl: 'memory:', ports: { passwords: plainPasswords } })
  const http = createServer(chat.listener)
  chat.attach(http)
  const server = await listening(http)
  ;[url, stop] = [server.url, server.close]
  await chat.people.upsert([
    { externalId: 'anna', name: 'Anna' },
    { externalId: 'bot', name: 'Bot', kind: 'bot' },
  ])
})
afterAll(async () => {
  await chat.close()
  await stop()
})

interface Frame {
  readonly type: string
  readonly ref?: string
  readonly result?: { readonly user_id?: string; readonly session_id?: string; readonly expires_at?: string }
  readonly problem?: { readonly code: string; readonly requires?: readonly string[] }
}

/** A socket that authorizes itself: the answer, and how it ends. */
async function authorized(frame: object) {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws`)
  const closed = new Promise<number>((resolve) => ws.once('close', resolve))
  const answer = new Promise<Frame>((resolve) =>
    ws.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame
      if (frame.ref === 'a') resolve(frame)
    }),
  )
  await new Promise((resolve) => ws.once('open', resolve))
  ws.send(JSON.stringify({ type: 'authorize', ref: 'a', ...frame }))
  return { answer: await answer, closed, close: () => ws.close() }
}
const idOf = async (externalId: string) => (await chat.as({ externalId }).getMe()).id

it.concurrent('a back end acts as somebody on a socket, until its key is revoked', async () => {
  const { id, key } = await chat.keys.create({ name: 'Back end', scopes: ['act'] })
  const socket = await authorized({ token: key, act_as: 'ext:anna' })
  expect(socket.answer).toMatchObject({ type: 'ok', result: { user_id: await idOf('anna'), expires_at: '9999-12-31T00:00:00.000Z' } })
  await chat.keys.revoke(id)
  expect(await socket.closed).toBe(4403)
})

it.concurrent('a key without the scope acts as nobody', async () => {
  const { key } = await chat.keys.create({ name: 'Reader', scopes: ['read'] })
  const socket = await authorized({ token: key, act_as: 'ext:anna' })
  expect(socket.answer).toMatchObject({ type: 'error', problem: { code: 'not-allowed', requires: ['scope:act'] } })
  expect(await socket.closed).toBe(4401)
})

it.concurrent('a bot has a socket of its own, until its tokens are revoked', async () => {
  const { key } = await chat.keys.create({ name: 'Bot', bot: { externalId: 'bot' } })
  const socket = await authorized({ token: key })
  expect(socket.answer.result!.user_id).toBe(await idOf('bot'))
  const disabled = await chat.people.upsert([{ externalId: 'bot', name: 'Bot', disabled: true }])
  expect(disabled).toMatchObject([{ result: 'updated' }])
  expect(await socket.closed).toBe(4403)
})
