import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Call } from '../calls/call.ts'
import { readPage } from '../calls/pages.ts'
import { millis, readMessage, readPerson } from '../calls/read-wire.ts'
import type { Copy } from '../copy/copies.ts'
import type { Request } from '../socket/requests.ts'
import type { Chat, Reader } from '../types.ts'

interface Needs {
  readonly copy: Copy
  readonly call: Call
  readonly request: Request
  isUp(): boolean
  hide(copy: Copy): void
}

type Actions = Pick<
  Chat,
  'message' | 'edit' | 'remove' | 'readersOf' | 'search' | 'addMembers' | 'removeMember' | 'changeRole' | 'rename' | 'leave' | 'delete'
>

/** What can be done in a chat by one call. */
export function chatActions({ copy, call, request, isUp, hide }: Needs): Actions {
  const params = { chat_id: copy.id }
  const change = async (work: Promise<unknown>) => void (await work)

  return {
    async message(messageId, { signal } = {}) {
      const known = copy.timeline.messages.get(messageId)
      return known ?? readMessage(await call<WireMessage>('getMessage', { params: { ...params, message_id: messageId }, signal }))
    },
    edit: (messageId, text, { version, signal } = {}) =>
      change(
        isUp()
          ? request('edit_message', { ...params, message_id: messageId, text, version }, { signal })
          : call('editMessage', { params: { ...params, message_id: messageId }, body: { text, version }, signal }),
      ),
    remove: (messageId, { signal } = {}) =>
      change(
        isUp()
          ? request('delete_message', { ...params, message_id: messageId }, { signal })
          : call('deleteMessage', { params: { ...params, message_id: messageId }, signal }),
      ),
    async readersOf(messageId, { signal, ...query } = {}) {
      return readPage(await call('listReaders', { params: { ...params, message_id: messageId }, query, signal }), readReader)
    },
    async search(query, { signal, senderId, ...rest } = {}) {
      const given = { query, chat_id: copy.id, sender_id: senderId, ...rest }
      return readPage(await call<{ items: WireMessage[]; next: string | null }>('searchMessages', { query: given, signal }), readMessage)
    },
    addMembers: (userIds, { signal } = {}) => change(call('addMembers', { params, body: { user_ids: userIds }, signal })),
    removeMember: (userId, { signal } = {}) => change(call('removeMember', { params: { ...params, user_id: userId }, signal })),
    changeRole: (userId, role, { signal } = {}) =>
      change(call('changeRole', { params: { ...params, user_id: userId }, body: { role }, signal })),
    rename: (name, { signal } = {}) => change(call('renameChat', { params, body: { name }, signal })),
    async leave({ signal } = {}) {
      const isPrivate = copy.item?.kind === 'private'
      await call('removeMember', { params: { ...params, user_id: 'me' }, signal })
      if (isPrivate && copy.item) hide(copy)
    },
    delete: ({ signal } = {}) => change(call('deleteChat', { params, signal })),
  }
}

const readReader = ({ user, read_at }: { user: Parameters<typeof readPerson>[0]; read_at: string }): Reader => ({
  person: readPerson(user),
  readAt: millis(read_at),
})
