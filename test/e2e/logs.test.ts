import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { httpClient } from '../support/http-client.ts'
import { startService } from '../support/service.ts'
import { connect } from '../support/socket-client.ts'
import { eventually } from '../support/waiting.ts'

const PASSWORD = 'Pferd-Batterie-Heftklammer-7'
const secrets = { text: 'Geheimnis-im-Text', query: 'Geheimnis-in-der-Suche', edited: 'Geheimnis-nachher', wrong: 'Fast-mein-Passwort-1' }

/** All that is logged of a whole run, at the level that says most. */
it('logs at any level hold no secret and no text, and say who did what', async () => {
  await using service = await startService({ env: { LOG_LEVEL: 'trace', METRICS_TOKEN: 'Geheimnis-fuer-Zahlen', RATE_LIMITS: 'on' } })
  const client = httpClient(service.url)
  const [anna, boris] = [
    await client.register('Anna', { email: 'anna.geheim@example.com', password: PASSWORD }),
    await client.register('Boris', { password: PASSWORD }),
  ]
  const { body: chat } = await anna.call<{ id: string }>('post', '/chats', { kind: 'private', user_id: boris.id })
  const sent = await anna.call<{ id: string }>('post', `/chats/${chat.id}/messages`, { client_message_id: 'k', text: secrets.text })
  expect(sent.status).toBe(201)
  await anna.call('patch', `/chats/${chat.id}/messages/${sent.body.id}`, { text: secrets.edited })
  await anna.call('get', `/messages?query=${secrets.query}`)
  await anna.call('get', `/messages?query=${secrets.query}&no=such`)
  for (let i = 0; i < 25; i++)
    await client.call('post', '/auth/login', { body: { login: 'anna.geheim@example.com', password: secrets.wrong } })
  await client.call('post', '/auth/token', {
    body: new URLSearchParams({ username: 'anna', password: secrets.wrong, grant_type: 'password' }),
  })
  await client.call('post', '/auth/refresh', { body: { refresh_token: anna.session.refresh_token } })
  await client.call('post', '/auth/login', { body: `{"login": "anna", "password": "${secrets.wrong}"` })
  await client.call('get', '/users/me', { token: `${anna.token}x` })
  await client.page('/metrics', { headers: { authorization: 'Bearer Geheimnis-fuer-Zahlen' } })
  const socket = await connect(service.url, { token: boris.token })
  await socket.resume()
  await socket.get('send_message', { chat_id: chat.id, client_message_id: 'w', text: secrets.text })
  socket.send(`{"type": "send_message", "text": "${secrets.text}"`)
  const refused = new WebSocket(`${service.url.replace('http', 'ws')}/api/v1/ws`, { origin: 'https://evil.example' })
  await new Promise((resolve) => refused.on('error', resolve))
  await socket.close()
  // Wrong passwords have closed this network for Anna; Boris may still confirm with his.
  expect((await anna.call('post', '/users/me/delete', { password: PASSWORD })).status).toBe(429)
  expect((await boris.call('post', '/users/me/delete', { password: PASSWORD })).status).toBe(204)

  const events = () =>
    service
      .logs()
      .split('\n')
      .flatMap((line) => /"security":"([\w-]+)","outcome":"([\w-]+)"/.exec(line)?.slice(1).join(' ') ?? [])
  await eventually(() => expect(events()).toContain('deleted ok'))
  for (const event of ['sign-in ok', 'sign-in-failed bad-credentials', 'limited too-many-requests', 'origin-refused not-allowed'])
    expect(events()).toContain(event)
  const answered = service
    .logs()
    .split('\n')
    .find((line) => line.includes('"operation":"sendMessage"'))!
  expect(JSON.parse(answered)).toMatchObject({
    user_id: anna.id,
    method: 'POST',
    path: `/api/v1/chats/${chat.id}/messages`,
    address: '127.0.0.1',
    status: 201,
    ms: expect.any(Number),
    request_id: expect.any(String),
  })
  const { access_token, refresh_token } = anna.session
  const hidden = [PASSWORD, ...Object.values(secrets), access_token, refresh_token, boris.token, 'anna.geheim@example.com', 'Geheimnis']
  for (const secret of hidden) expect(service.logs()).not.toContain(secret)
})
