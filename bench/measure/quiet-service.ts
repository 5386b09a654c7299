import type { ChatOptions } from '../../src/client/index.ts'

const at = '2030-01-01T00:00:00.000Z'
const uuid = (kind: string, n: number) => `00000000-0000-7000-${kind}-${String(n).padStart(12, '0')}`
const me = uuid('8000', 1)
const bob = { id: uuid('8000', 2), username: 'bob', name: 'Bob' }

interface Size {
  /** Chats of the client's user. */
  readonly chats: number
  /** Messages of each. */
  readonly messages: number
}

interface Raw {
  onmessage: ((event: { readonly data: string }) => void) | null
}

/** A service inside this process that answers at once and does nothing: what is measured beside it is the client alone. */
export function quietService({ chats, messages }: Size) {
  const heads = new Map<number, number>()
  const sockets: Raw[] = []
  const chatId = (n: number) => uuid('9000', n)
  const message = (chat: number, seq: number) => ({
    id: uuid('a000', chat * 1_000_000 + seq),
    chat_id: chatId(chat),
    seq,
    sender: bob,
    client_message_id: null,
    text: `text ${seq}`,
    reply_to: null,
    version: 1,
    created_at: at,
    edited_at: null,
    deleted_at: null,
    read: false,
  })
  const chat = (n: number) => ({
    id: chatId(n),
    kind: 'group',
    name: `chat ${n}`,
    created_at: at,
    head_seq: messages + 1,
    read_by_others_seq: 1,
    member_count: 2,
    partner: null,
    me: { role: 'member', joined_at: at, read_seq: 1 },
    unread: messages,
    last_message: message(n, messages + 1),
  })
  const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

  function answer({ pathname, searchParams }: URL): object {
    if (pathname.endsWith('/users/me')) return { ...bob, id: me, last_seen_at: null, email: null, created_at: at }
    if (pathname.endsWith('/chats')) {
      const first = Number(searchParams.get('cursor') ?? 0)
      return { items: range(first, Math.min(chats, first + 100)).map(chat), next: first + 100 < chats ? String(first + 100) : null }
    }
    if (!pathname.endsWith('/messages')) return chat(0)
    const before = Number(searchParams.get('before') ?? messages + 2)
    const from = Math.max(2, before - 50)
    return { items: range(from, before).map((seq) => message(0, seq)), next: null, prev: from > 2 ? 'more' : null }
  }

  const results: Readonly<Record<string, object>> = {
    authorize: { user_id: me, session_id: me, expires_at: '2099-01-01T00:00:00.000Z' },
    resume: { epoch: 'epoch', heads: {}, reads: {} },
    join_chat: { head: messages + 1, readers: [], online: [], typing: [] },
  }

  /** To be called with `new`, as a class would be. */
  function QuietSocket(): Raw {
    const say = (frame: object) => queueMicrotask(() => socket.onmessage?.({ data: JSON.stringify(frame) }))
    const socket = {
      readyState: 1,
      onmessage: null as Raw['onmessage'],
      close() {},
      send(text: string) {
        const { type, ref } = JSON.parse(text) as { readonly type: string; readonly ref?: string }
        if (ref !== undefined) say({ type: 'ok', ref, result: results[type] ?? {} })
      },
    }
    sockets.push(socket)
    say({
      type: 'hello',
      connection_id: 'c',
      epoch: 'epoch',
      heartbeat_ms: 25_000,
      server_time: new Date().toISOString(),
      limits: {},
      user_id: null,
    })
    return socket
  }

  return {
    options: {
      url: 'http://quiet.test',
      auth: { getToken: async () => 'token' },
      fetch: (async (url: string) => new Response(JSON.stringify(answer(new URL(url))))) as typeof fetch,
      WebSocket: QuietSocket as never,
    } satisfies ChatOptions,
    chatId,
    /** The next message of a chat, as the frame that brings it. */
    deliver(n: number): void {
      const seq = (heads.get(n) ?? messages + 1) + 1
      heads.set(n, seq)
      const event = { chat_id: chatId(n), seq, at, actor_id: bob.id, type: 'message.sent', message: message(n, seq) }
      sockets.at(-1)!.onmessage!({ data: JSON.stringify({ type: 'event', event }) })
    },
  }
}
