import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { auth } from './auth.ts'
import { holesOf, PAGE, readTold, type Told, type Wire } from './told.ts'
import { useMoves } from './use-moves.ts'

const PAUSE_MS = 300

/** The rest of the log of a group, for the part of it that is on the screen. */
export function useTold(chat: Chat): readonly Told[] {
  const item = useStore(chat.item)
  const { rows, hasOlder, hasNewer, status } = useStore(chat.timeline)
  const members = useStore(chat.members)
  const [told, setTold] = useState<readonly Told[]>([])
  const [known] = useState(() => new Set<number>())
  const isGroup = item?.kind === 'group'
  const seqs = useMemo(() => rows.flatMap(({ seq }) => (seq === undefined ? [] : [seq])), [rows])
  const first = seqs[0]
  const last = seqs.at(-1) ?? 0
  /** Of members, what the log tells of when it changes. */
  const standing = useMemo(
    () => members.items.map(({ person, role, mutedUntil = '' }) => `${person.id}${role}${mutedUntil}`).join(),
    [members.items],
  )
  const moves = useMoves(chat)
  const { name, avatar, description, rules, memberCount, role } = item ?? {}

  const read = useEffectEvent(async (signal: AbortSignal) => {
    for (const { after, to } of holesOf(seqs, !hasOlder, known)) await take(after, to - after, signal)
    // What has happened since the last message.
    if (!hasNewer) await take(Math.max(last, ...known), PAGE, signal)
  })

  async function take(after: number, limit: number, signal: AbortSignal) {
    const token = await auth.get().getToken({ signal })
    const query = new URLSearchParams({ after: String(after), limit: String(limit) })
    const answer = await fetch(`/api/v1/chats/${chat.id}/events?${query}`, { signal, headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`The log answers ${answer.status}`)
    const { items } = (await answer.json()) as { items: readonly Wire[] }
    for (const { seq } of items) known.add(seq)
    const news = items.flatMap((event) => readTold(event) ?? [])
    if (news.length > 0 && !signal.aborted) setTold((all) => [...all, ...news].sort((a, b) => a.seq - b.seq))
  }

  useEffect(() => {
    if (!isGroup || status !== 'ready') return
    const aborted = new AbortController()
    const timer = setTimeout(() => void read(aborted.signal).catch(() => undefined), PAUSE_MS)
    return () => {
      clearTimeout(timer)
      aborted.abort()
    }
  }, [isGroup, status, first, hasOlder, hasNewer, name, avatar, description, rules, memberCount, role, standing, moves])

  return told
}
