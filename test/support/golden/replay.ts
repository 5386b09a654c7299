import { routes } from '../../../src/adapters/wire/routes.ts'
import { type ChatClient, createChat, memoryPersist } from '../../../src/client/index.ts'
import type { Recording } from './record.ts'

interface Event {
  readonly seq: number
  readonly type: string
  readonly chat_id: string
}

/** A client of this version at a service that answers and sends what was recorded, every kind of event above the head of its chat. */
export async function replay({ calls, results, frames, events }: Recording) {
  const { heads } = results['resume'] as { readonly heads: Readonly<Record<string, number>> }

  const known = Object.values(events) as Event[]
  const chatId = known[0]!.chat_id
  const head = heads[chatId]!
  const unknown = { ...known[0]!, type: 'message.probe' }
  const live = [...known, unknown].map((event, i) => ({ type: 'event', event: { ...event, seq: head + i + 1 } }))
  const { hello, error, skip, ok: _ok, event: _event, ...others } = frames as Record<string, object>
  const next = head + live.length + 1
  const sent = [error, ...live, { ...skip, from: next, to: next + 2 }, ...Object.values(others)]

  const answers = Object.entries(routes).map(([id, { method, path }]) => {
    const pattern = new RegExp(`/api/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`)
    return { id, holds: (asked: string, at: string) => asked === method && pattern.test(at) }
  })
  const fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const { pathname } = new URL(String(input))
    const answer = answers.find(({ holds }) => holds((init.method ?? 'GET').toLowerCase(), pathname))
    const body = calls[answer?.id ?? ''] ?? calls['problem']
    return new Response(JSON.stringify(body), { status: body === calls['problem'] ? 404 : 200 })
  }
  function Socket() {
    const socket = { readyState: 1, onopen: null, onmessage: null, onclose: null, onerror: null, send, close() {} } as never as Record<
      'onopen' | 'onmessage',
      ((event: { readonly data?: string }) => void) | null
    >
    const hear = (frame: unknown) => socket.onmessage?.({ data: JSON.stringify(frame) })
    function send(text: string): void {
      const { type, ref } = JSON.parse(text) as { readonly type: string; readonly ref?: string }
      queueMicrotask(() => {
        if (ref) hear({ type: 'ok', ref, result: results[type] })
        if (type === 'resume') queueMicrotask(() => sent.forEach(hear))
      })
    }
    queueMicrotask(() => {
      socket.onopen?.({})
      hear(hello)
    })
    return socket
  }
  const client: ChatClient = createChat({
    url: 'https://then.example',
    auth: { getToken: async () => 'token' },
    persist: memoryPersist(),
    fetch,
    WebSocket: Socket as never,
  })
  const told = new Set<string>()
  for (const name of ['message', 'joined', 'gone'] as const) client.on(name, () => void told.add(name))
  client.on('error', ({ error }) => void told.add(`error: ${(error as { readonly code?: string }).code ?? String(error)}`))
  return { client, told, chatId }
}
