import type { Ending, Entry, LoggedEvent } from './recording.ts'
import type { Property } from './recording-checks.ts'

type Holds = (property: Property, isTrue: boolean, what: () => string) => void

const byText = (a: string, b: string) => (a < b ? -1 : 1)
/** Who reacts how: one name for each. */
const nameOf = (message: string, emoji: string, user: string) => `${message} ${emoji} ${user}`

/** What reactions, pins and deletions leave, event by event. */
function foldedOf(log: readonly LoggedEvent[]) {
  const reacted = new Set<string>()
  const pinned = new Set<string>()
  const deleted = new Set<string>()
  for (const { changes = [], pins, about = '' } of log) {
    for (const { emoji, on, user_ids } of changes)
      for (const user of user_ids) {
        if (on) reacted.add(nameOf(about, emoji, user))
        else reacted.delete(nameOf(about, emoji, user))
      }
    if (pins === true) pinned.add(about)
    if (pins === false) pinned.delete(about)
    if (pins === 'deleted') {
      deleted.add(about)
      pinned.delete(about)
      for (const name of reacted) if (name.startsWith(`${about} `)) reacted.delete(name)
    }
  }
  return { reacted, pinned, deleted }
}

function sumsOf(reacted: ReadonlySet<string>, message: string): string[] {
  const counts = new Map<string, number>()
  for (const name of reacted) {
    const [id, emoji] = name.split(' ') as [string, string, string]
    if (id === message) counts.set(emoji, (counts.get(emoji) ?? 0) + 1)
  }
  return [...counts].map(([emoji, count]) => `${emoji} ${count}`).sort(byText)
}

/**
 * The last thing that each person did with each emoji of each message, where the service has acknowledged all that they did with it: what
 * was not answered may still be carried out later.
 */
function acknowledgedOf(entries: readonly Entry[]): ReadonlyMap<string, boolean> {
  const last = new Map<string, boolean>()
  const open = new Map<string, number>()
  for (const entry of entries) {
    if (entry.type !== 'reacts' && entry.type !== 'reacted') continue
    const name = nameOf(entry.message, entry.emoji, entry.by)
    open.set(name, (open.get(name) ?? 0) + (entry.type === 'reacts' ? 1 : -1))
    if (entry.type === 'reacted') last.set(name, entry.on)
  }
  for (const [name, count] of open) if (count > 0) last.delete(name)
  return last
}

/** Compares what the service shows of messages in the end with what the log says and what was acknowledged. */
export function checkContent(entries: readonly Entry[], ending: Ending, holds: Holds): void {
  const acknowledged = acknowledgedOf(entries)
  const all = new Map(ending.chats.map(({ id, log }) => [id, foldedOf(log)]))
  for (const { user, views } of ending.clients)
    for (const [chat, { content }] of Object.entries(views)) {
      const { reacted, pinned } = all.get(chat)!
      for (const { id, reactions, mine } of content.messages) {
        const own = [...reacted].filter((name) => name.startsWith(`${id} `) && name.endsWith(` ${user}`)).map((name) => name.split(' ')[1]!)
        const told = `${user} is told ${reactions.join()} and ${mine.join()} of ${id}`
        holds('reactions', same(reactions, sumsOf(reacted, id)), () => `${told}, where the log has ${sumsOf(reacted, id).join()}`)
        holds('reactions', same(mine, own), () => `${told}, where the log has ${own.join()}`)
      }
      holds(
        'pins',
        same(content.pins, [...pinned]),
        () => `${user} is told ${content.pins.join()}, where the log has ${[...pinned].join()}`,
      )
    }
  for (const [name, on] of acknowledged) {
    const id = name.split(' ')[0]!
    const folded = [...all.values()].find(({ deleted }) => deleted.has(id))
    if (folded) continue
    const has = [...all.values()].some(({ reacted }) => reacted.has(name))
    holds('reactions', has === on, () => `${name} was acknowledged as ${on ? 'on' : 'off'}, and is not`)
  }
}

const same = (one: readonly string[], other: readonly string[]): boolean => [...one].sort(byText).join() === [...other].sort(byText).join()

/** How many unread messages mention somebody who has been a member since `joined`. */
export function mentionsOf(
  log: readonly LoggedEvent[],
  user: string,
  { readSeq, joined }: { readonly readSeq: number; readonly joined: number },
): number {
  const deleted = new Set(log.map(({ deletes }) => deletes))
  return log.filter(({ seq, sent, mentions }) => {
    if (!sent || !mentions || sent.by === user || seq <= readSeq || deleted.has(seq)) return false
    return mentions.users.includes(user) || (mentions.isAll && joined < seq)
  }).length
}
