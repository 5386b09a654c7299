import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import type { Reactor as WireReactor } from '../../adapters/wire/schemas/reactions.ts'
import type { Call } from '../calls/call.ts'
import { readPage } from '../calls/pages.ts'
import { millis, readMessage, readPerson } from '../calls/read-wire.ts'
import type { Copy } from '../copy/copies.ts'
import { wireEdit } from '../outbox/content.ts'
import type { Request } from '../socket/requests.ts'
import type { CallOptions, Chat, Reactor, Reader } from '../types.ts'

interface Needs {
  readonly copy: Copy
  readonly call: Call
  readonly request: Request
  isUp(): boolean
  hide(copy: Copy): void
}

type Actions = {
  /** Those of everybody with this emoji. */
  removeReactions(messageId: string, emoji: string, options: CallOptions): Promise<void>
} & Pick<
  Chat,
  | 'message'
  | 'edit'
  | 'remove'
  | 'readersOf'
  | 'reactionsOf'
  | 'pinMessage'
  | 'unpinMessage'
  | 'search'
  | 'addMembers'
  | 'removeMember'
  | 'changeRole'
  | 'rename'
  | 'leave'
  | 'delete'
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
    edit(messageId, given, { version, signal } = {}) {
      const body = { ...wireEdit(typeof given === 'string' ? { text: given } : given), version }
      return change(
        isUp()
          ? request('edit_message', { ...params, message_id: messageId, ...body }, { signal })
          : call('editMessage', { params: { ...params, message_id: messageId }, body, signal }),
      )
    },
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
    async reactionsOf(messageId, { signal, ...query } = {}) {
      return readPage(await call('listReactions', { params: { ...params, message_id: messageId }, query, signal }), readReactor)
    },
    removeReactions: (messageId, emoji, { signal }) =>
      change(call('removeReaction', { params: { ...params, message_id: messageId, emoji }, query: { everyone: true }, signal })),
    pinMessage: (messageId, { signal } = {}) => change(call('pinMessage', { params: { ...params, message_id: messageId }, signal })),
    unpinMessage: (messageId, { signal } = {}) => change(call('unpinMessage', { params: { ...params, message_id: messageId }, signal })),
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

const readReactor = ({ user, emoji, reacted_at }: WireReactor): Reactor => ({ person: readPerson(user), emoji, at: millis(reacted_at) })

const readReader = ({ user, read_at }: { user: Parameters<typeof readPerson>[0]; read_at: string }): Reader => ({
  person: readPerson(user),
  readAt: millis(read_at),
})
