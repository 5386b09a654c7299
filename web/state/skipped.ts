import i18next from 'i18next'
import type { Chat, ChatClient, ChatItem, Person } from '../../src/client/index.ts'
import { isolated } from '../ui/isolated.ts'
import { tell } from './notices.ts'

/** Names those who do not let the user add them. */
export function tellSkipped(chosen: readonly Person[], skipped: readonly string[]): void {
  const names = chosen.flatMap(({ id, name }) => (skipped.includes(id) ? [isolated(name ?? i18next.t('chat.deletedPerson'))] : []))
  if (names.length === 0) return
  const list = new Intl.ListFormat(i18next.language, { type: 'conjunction' }).format(names)
  tell(i18next.t('consent.skipped', { names: list }), { isFault: true })
}

/** Makes a group, and names those who do not let the user add them. */
export async function makeGroup({ chats, chat }: ChatClient, name: string, chosen: readonly Person[]): Promise<ChatItem> {
  const item = await chats.createGroup({ name, memberIds: chosen.map(({ id }) => id) })
  if (item.memberCount <= chosen.length) await findSkipped(chat(item.id), chosen).catch(() => undefined)
  return item
}

async function findSkipped({ members, loadMembers }: Chat, chosen: readonly Person[]): Promise<void> {
  do await loadMembers()
  while (members.get().hasMore)
  const all = new Set(members.get().items.map(({ person }) => person.id))
  const skipped = chosen.map(({ id }) => id).filter((id) => !all.has(id))
  tellSkipped(chosen, skipped)
}
