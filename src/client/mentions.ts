import type { Message as WireMessage } from '../adapters/wire/schemas/messages.ts'
import { readPage } from './calls/pages.ts'
import { readMessage } from './calls/read-wire.ts'
import type { ChatClient, ListOptions, Message, Page } from './types.ts'

/** Returns messages that mention the user or all members, newest first: all of them, or those that the user has not read. */
export async function listMentions(
  { call }: Pick<ChatClient, 'call'>,
  { signal, unread, ...rest }: ListOptions & { readonly unread?: boolean | undefined } = {},
): Promise<Page<Message>> {
  const query = { unread, ...rest }
  return readPage(await call<{ items: readonly WireMessage[]; next: string | null }>('listMentions', { query, signal }), readMessage)
}
