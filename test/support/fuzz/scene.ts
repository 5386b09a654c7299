import { httpClient } from '../http-client.ts'
import type { Chance } from './chance.ts'

/** Somebody to call as, and what is there to call about. */
export interface Scene {
  readonly tokens: readonly (string | undefined)[]
  /** Of a person who is a member of a chat. */
  readonly token: string
  readonly known: (name: string) => unknown
}

/** Tokens that do not depend on the scene, such as a key's. */
export interface Standing {
  readonly url: string
  readonly tokens: readonly string[]
}

/** Two people with a group, a private chat and a message: fresh, since calls delete what they find. */
export async function newScene({ url, tokens }: Standing, chance: Chance): Promise<Scene> {
  const http = httpClient(url)
  const [ann, bob] = await Promise.all([http.register('Ann'), http.register('Bob')])
  const group = await ann.call<{ id: string }>('post', '/chats', { kind: 'group', name: 'Group', member_ids: [bob.id] })
  const pair = await ann.call<{ id: string }>('post', '/chats', { kind: 'private', user_id: bob.id })
  const message = await ann.call<{ id: string }>('post', `/chats/${group.body.id}/messages`, { client_message_id: 'k', text: 'hello' })
  const file = await http.call<{ id: string }>('post', '/files?name=x.txt', {
    token: ann.token,
    body: 'hello',
    headers: { 'content-type': 'application/octet-stream' },
  })
  const there: Readonly<Record<string, readonly unknown[]>> = {
    chat_id: [group.body.id, group.body.id, pair.body.id],
    message_id: [message.body.id],
    reply_to: [message.body.id],
    user_id: [ann.id, bob.id, 'me'],
    sender_id: [ann.id, bob.id],
    member_id: [ann.id, bob.id],
    file_id: [file.body.id],
    password: [ann.password],
    current_password: [ann.password],
    refresh_token: [ann.session.refresh_token],
    token: [ann.token],
    emoji: ['👍', '❤️'],
    device_id: ['phone'],
  }
  return {
    tokens: [ann.token, ann.token, bob.token, ...tokens, undefined, 'x.y.z'],
    token: ann.token,
    known(name) {
      const values = there[name] ?? there[name.replace(/s$/, '')]
      return values && chance.of(values)
    },
  }
}
