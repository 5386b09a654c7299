import { useState } from 'react'
import type { Chat, Person } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { namedAt } from './mentions.ts'

/** Somebody who can be named: a member, or all of them. */
export interface Nameable {
  readonly id: string
  /** Absent where all are meant. */
  readonly person?: Person
  readonly count?: number
}

const SHOWN = 8
/** In larger chats only the owner and admins name all. */
const ALL_MAY = 20

interface MentionList {
  readonly options: readonly Nameable[]
  readonly active: number
  /** Where what is replaced begins, and ends. */
  readonly range: readonly [start: number, end: number]
}

/** Who can be named at the caret: members that fit what is typed after the `@`, those who wrote last first. */
export function useMentionList(chat: Chat, text: string) {
  const item = useStore(chat.item)
  const { items } = useStore(chat.members)
  const { rows } = useStore(chat.timeline)
  const me = useStore(useClient().account.me)
  const [caret, setCaret] = useState(0)
  const [moved, setMoved] = useState(0)
  const [closedAt, setClosedAt] = useState<string>()
  const named = namedAt(text, caret)
  const key = named && `${named.start} ${named.query}`
  const list = named && key !== closedAt ? listOf(named) : undefined

  function listOf({ start, query }: { readonly start: number; readonly query: string }): MentionList | undefined {
    const wanted = query.toLocaleLowerCase()
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
    return options.length === 0 ? undefined : { options, active: Math.min(moved, options.length - 1), range: [start, caret] }
  }

  return {
    list,
    /** The caret is there now. */
    at(next: number) {
      setCaret(next)
      setMoved(0)
    },
    move: (step: number) => list && setMoved((list.active + step + list.options.length) % list.options.length),
    close: () => setClosedAt(key),
  }
}

const fits = (wanted: string, name: string, username: string | undefined) =>
  username?.startsWith(wanted) === true ||
  name
    .toLocaleLowerCase()
    .split(/\s+/)
    .some((word) => word.startsWith(wanted)) ||
  name.toLocaleLowerCase().startsWith(wanted)
