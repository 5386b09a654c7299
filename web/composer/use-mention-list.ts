import type { Chat, Person } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { namedAt } from './mentions.ts'
import { useCaretList } from './use-caret-list.ts'

/** Somebody who can be named: a member, or all of them; or an emoji, by its name. */
export interface Nameable {
  readonly id: string
  /** Absent where all are meant. */
  readonly person?: Person
  readonly count?: number
  readonly emoji?: string
  readonly label?: string
}

const SHOWN = 8
/** In larger chats only the owner and admins name all. */
const ALL_MAY = 20

/** Who can be named at the caret: members that fit what is typed after the `@`, those who wrote last first. */
export function useMentionList(chat: Chat, text: string) {
  const item = useStore(chat.item)
  const { items } = useStore(chat.members)
  const { rows } = useStore(chat.timeline)
  const me = useStore(useClient().account.me)
  const { query, withOptions } = useCaretList<Nameable>(text, namedAt)
  return withOptions(query === undefined ? [] : nameable(query))

  function nameable(typed: string): readonly Nameable[] {
    const wanted = typed.toLocaleLowerCase()
    const lastWords = new Map(rows.map(({ sender }, place) => [sender.id, place]))
    const people = item?.kind === 'private' ? (item.partner ? [item.partner] : []) : items.map(({ person }) => person)
    const fitting = people
      .filter(({ id, name, username }) => id !== me?.id && name !== undefined && fits(wanted, name, username))
      .toSorted(
        (a, b) =>
          Number(b.username === wanted) - Number(a.username === wanted) || (lastWords.get(b.id) ?? -1) - (lastWords.get(a.id) ?? -1),
      )
    const mayAll = item?.kind === 'group' && (item.role !== 'member' || item.memberCount <= ALL_MAY)
    const options: Nameable[] = fitting.slice(0, SHOWN).map((person) => ({ id: person.id, person }))
    if (mayAll && wanted.length < 12 && 'everyone все all'.split(' ').some((word) => word.startsWith(wanted)))
      options.push({ id: 'all', count: item.memberCount })
    return options
  }
}

const fits = (wanted: string, name: string, username: string | undefined) =>
  username?.startsWith(wanted) === true ||
  name
    .toLocaleLowerCase()
    .split(/\s+/)
    .some((word) => word.startsWith(wanted)) ||
  name.toLocaleLowerCase().startsWith(wanted)
