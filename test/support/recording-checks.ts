import type { Ending, Entry, LoggedEvent, Recording } from './recording.ts'
import { checkContent, mentionsOf } from './recording-content.ts'

/** What is promised, each with what it means. */
export const properties = {
  'kept': 'What was acknowledged is in the log, where it was said to be',
  'once': 'A key is in the log once, and is answered with the same message always',
  'one order': 'Every client applies what the log holds at that place',
  'no hole': 'A client applies number after number, from where it may begin',
  'in turn': 'On one line events come in their turn, and heads are never ahead of them',
  'order of a sender': 'Messages that were sent one after another stand one after another',
  'receipts': 'Receipts never go back on a line, nor beyond what was marked; a mark that was acknowledged stays',
  'resume': 'A line that is level has all that was acknowledged before it asked, and is never told to forget',
  'removed': 'Nobody is handed what happened after they were removed',
  'level': 'In the end everybody stands at the head of every chat of theirs, and of no other',
  'reactions': 'In the end reactions are what the log says, for everybody, and what was acknowledged last is so',
  'pins': 'In the end the pins are what the log says',
  'mentions': 'In the end the unread mentions are as many as there are',
  'unread': 'In the end the unread are as many as there are',
} as const
export type Property = keyof typeof properties

export interface Verdict {
  readonly checks: Readonly<Record<Property, number>>
  readonly violations: readonly { readonly property: Property; readonly what: string }[]
}

interface Stay {
  readonly from: number
  to: number
}

/** Compares what clients have seen with the log, and with what they were promised. */
export function check({ entries, ending }: Recording): Verdict {
  const checks = Object.fromEntries(Object.keys(properties).map((name) => [name, 0])) as Record<Property, number>
  const violations: { property: Property; what: string }[] = []
  const holds = (property: Property, isTrue: boolean, what: () => string) => {
    checks[property]++
    if (!isTrue) violations.push({ property, what: what() })
  }
  const logs = new Map(ending.chats.map(({ id, log }) => [id, new Map(log.map((event) => [event.seq, event]))]))
  const stays = staysOf(ending)

  const order = new Map<string, number>()
  for (const { id, log } of ending.chats) {
    const seen = new Map<string, string>()
    log.forEach((event, i) => {
      holds('no hole', event.seq === i + 1, () => `the log of ${id} has ${event.seq} at place ${i + 1}`)
      if (!event.sent) return
      const name = `${id} ${event.sent.by} ${event.sent.key}`
      holds('once', !seen.has(name), () => `${name} is in the log twice`)
      seen.set(name, event.sent.id)
      order.set(name, event.seq)
    })
  }

  const marks = checkEntries(entries, { holds, logs, stays, order })
  checkEnding(ending, marks, { holds, stays })
  checkContent(entries, ending, holds)
  return { checks, violations }
}

interface Bench {
  readonly holds: (property: Property, isTrue: boolean, what: () => string) => void
  readonly logs: ReadonlyMap<string, ReadonlyMap<number, LoggedEvent>>
  readonly stays: ReadonlyMap<string, readonly Stay[]>
  readonly order: ReadonlyMap<string, number>
}

function checkEntries(entries: readonly Entry[], { holds, logs, stays, order }: Bench): ReadonlyMap<string, number> {
  const cursors = new Map<string, number>()
  const answers = new Map<string, string>()
  const latest = new Map<string, { n: number; seq: number }>()
  const marked = new Map<string, number>()
  const receipts = new Map<string, number>()
  const acknowledged = new Map<string, number>()
  const asked = new Map<string, ReadonlyMap<string, number>>()
  const changes = new Map<string, number>()
  const places = new Map<string, number>()
  const resuming = new Set<string>()
  const kept = new Map<string, number>()

  for (const entry of entries) {
    const at = 'by' in entry && 'chat' in entry ? `${entry.by} ${entry.chat}` : ''
    switch (entry.type) {
      case 'sent': {
        places.set(`${entry.chat} ${entry.by} ${entry.key}`, entry.n)
        break
      }
      case 'acknowledged': {
        const { by, chat, key, id, seq } = entry
        const name = `${chat} ${by} ${key}`
        const found = logs.get(chat)?.get(seq)
        holds('kept', found?.sent?.id === id && order.get(name) === seq, () => `${name} was acknowledged at ${seq} and is not there`)
        holds('once', (answers.get(name) ?? id) === id, () => `${name} was answered with two messages`)
        answers.set(name, id)
        const before = latest.get(at)
        const n = places.get(name) ?? 0
        holds(
          'order of a sender',
          !before || n <= before.n || seq > before.seq,
          () => `${name} stands at ${seq}, before what was sent earlier`,
        )
        if (!before || n > before.n) latest.set(at, { n, seq })
        acknowledged.set(chat, Math.max(acknowledged.get(chat) ?? 0, seq))
        break
      }
      case 'applied': {
        const { by, chat, seq, what, isFirst } = entry
        const cursor = cursors.get(at)
        // A chat that a resuming client has not named begins at its head, which may move before the client learns it.
        if (isFirst)
          holds(
            'no hole',
            resuming.has(by) || what.startsWith('chat.created') || what === `member.added ${by}`,
            () => `${at} begins at ${seq} with ${what}`,
          )
        else holds('no hole', cursor === seq - 1, () => `${at} was at ${cursor} and applied ${seq}`)
        // The client has compared it with what came before on its line; what it found is told as `out-of-turn`.
        holds('in turn', true, () => '')
        const there = logs.get(chat)?.get(seq)?.what
        holds('one order', there === what, () => `${at} applied ${what} as ${seq}, where the log holds ${there}`)
        holds(
          'removed',
          mayBeHanded(stays.get(at) ?? [], seq, changes.get(`${chat} ${by}`) ?? 0),
          () => `${at} was handed ${seq} after being removed`,
        )
        cursors.set(at, seq)
        break
      }
      case 'out-of-turn':
        holds('in turn', false, () => `${at} was handed ${entry.seq} after ${entry.after}`)
        break
      case 'heads-ahead':
        holds('in turn', false, () => `${at} was told of the head ${entry.head} at ${entry.at}`)
        break
      case 'gap':
      case 'reacts':
      case 'reacted':
        break
      case 'limited':
        cursors.set(at, entry.to)
        break
      case 'gone':
        holds('removed', entry.reason !== 'deleted' && entry.reason !== 'left', () => `${at} lost its chat: ${entry.reason}`)
        cursors.delete(at)
        break
      case 'reset':
        holds('resume', false, () => `${entry.by} was told to forget ${entry.chat ?? 'everything'}: ${entry.reason}`)
        break
      case 'marks':
        marked.set(`${entry.chat} ${entry.by}`, Math.max(marked.get(`${entry.chat} ${entry.by}`) ?? 0, entry.seq))
        break
      case 'marked':
        kept.set(at, Math.max(kept.get(at) ?? 0, entry.seq))
        break
      case 'receipt': {
        const { by, line, chat, user, seq } = entry
        const name = `${by} ${line} ${chat} ${user}`
        holds('receipts', seq >= (receipts.get(name) ?? 0), () => `${name}: back from ${receipts.get(name)} to ${seq}`)
        holds('receipts', seq <= (marked.get(`${chat} ${user}`) ?? 0), () => `${name}: ${seq}, which nobody has marked`)
        receipts.set(name, seq)
        break
      }
      case 'resuming':
        asked.set(entry.by, new Map(acknowledged))
        resuming.add(entry.by)
        break
      case 'resumed': {
        const { by, heads } = entry
        resuming.delete(by)
        for (const [chat, head] of Object.entries(heads)) {
          const promised = asked.get(by)?.get(chat) ?? 0
          holds('resume', head >= promised, () => `${by} ${chat} is level at ${head}, where ${promised} was acknowledged before`)
          holds(
            'resume',
            (entry.cursors[chat] ?? 0) >= head,
            () => `${by} ${chat} stands at ${entry.cursors[chat]} and is told it is level at ${head}`,
          )
          if (!cursors.has(`${by} ${chat}`)) cursors.set(`${by} ${chat}`, head)
        }
        break
      }
      case 'changes-member': {
        const name = `${entry.chat} ${entry.user}`
        changes.set(name, (changes.get(name) ?? 0) + 1)
        break
      }
    }
  }
  return kept
}

function checkEnding(ending: Ending, marks: ReadonlyMap<string, number>, { holds, stays }: Pick<Bench, 'holds' | 'stays'>): void {
  for (const { id, log } of ending.chats) {
    const head = log.length
    const deleted = new Set(log.map(({ deletes }) => deletes))
    for (const { user, cursors, views } of ending.clients) {
      const isMember = stays.get(`${user} ${id}`)?.at(-1)?.to === Number.POSITIVE_INFINITY
      const name = `${user} ${id}`
      holds('level', isMember ? cursors[id] === head : cursors[id] === undefined, () =>
        isMember ? `${name} stands at ${cursors[id]} of ${head}` : `${name} is no member and stands at ${cursors[id]}`,
      )
      holds('level', isMember === (views[id] !== undefined), () => `${name} is ${isMember ? 'a' : 'no'} member, and is told otherwise`)
      const view = views[id]
      if (!view) continue
      const marked = marks.get(name) ?? 0
      holds('receipts', view.readSeq >= marked, () => `${name} was marked up to ${marked}, and stands at ${view.readSeq}`)
      const unread = log.filter(({ seq, sent }) => sent && sent.by !== user && seq > view.readSeq && !deleted.has(seq)).length
      holds('unread', unread === view.unread, () => `${name} is told ${view.unread} unread and has ${unread}`)
      const mentions = mentionsOf(log, user, { readSeq: view.readSeq, joined: stays.get(name)!.at(-1)!.from })
      holds('mentions', mentions === view.unreadMentions, () => `${name} is told ${view.unreadMentions} mentions and has ${mentions}`)
    }
  }
}

/** When each person was in each chat: from their joining event on, up to the event that ended it. */
function staysOf({ chats }: Ending): Map<string, Stay[]> {
  const stays = new Map<string, Stay[]>()
  for (const { id, log } of chats)
    for (const { seq, joins, leaves } of log) {
      for (const user of joins) {
        const name = `${user} ${id}`
        stays.set(name, [...(stays.get(name) ?? []), { from: seq, to: Number.POSITIVE_INFINITY }])
      }
      const last = leaves === undefined ? undefined : stays.get(`${leaves} ${id}`)?.at(-1)
      if (last) last.to = seq
    }
  return stays
}

/** What happened while somebody was out is shown to them only once somebody began to take them in again. `changes` have begun so far. */
function mayBeHanded(stays: readonly Stay[], seq: number, changes: number): boolean {
  if (stays.some(({ from, to }) => from <= seq && seq < to)) return true
  const next = stays.findIndex(({ from }) => from > seq)
  return next >= 0 && changes >= next * 2
}
