import { LRUCache } from 'lru-cache'
import type { Chat } from '../../../../domain/chat.ts'
import type { Scope } from '../../../../domain/decision.ts'
import type { ChatEvent } from '../../../../domain/event.ts'
import { type ChatId, type ClientMessageId, isKey, sendKey, type UserId } from '../../../../domain/ids.ts'
import type { Member } from '../../../../domain/member.ts'
import type { PgPool, Row } from '../../database/connect.ts'
import { messageOf } from '../../database/rows.ts'
import { isUuid } from '../../database/schema.ts'
import { laneConnection } from '../../lane/connection.ts'
import type { Store, Waiting } from '../../lane/lane.ts'
import type { Statement } from '../../lane/round.ts'
import { type Call, type ChatInBatch, type Decided, decideAll, gather, putChats, stateOf, type Wanted } from '../batch.ts'
import { chatOf, memberOf, namedOf, payloadOf } from '../events.ts'
import { type Cells, writesOf } from '../writes.ts'
import { writing } from './changes.ts'
import {
  BEGIN,
  COMMIT,
  HEAD_MOVED,
  lockChats,
  ROLLBACK,
  readKeys,
  readMembers,
  readMessages,
  readPeople,
  readSend,
  writeSend,
  writeSendAgain,
} from './statements.ts'

type LogCall = Call & Waiting

/**
 * How a chat stood after the last message that went alone, and who of its members sent some. Everything that could make it wrong moves the
 * head, but for the names of people: the statement that rests on it looks at both.
 */
interface Remainder {
  readonly chat: Chat | undefined
  readonly members: ReadonlyMap<UserId, Member>
}
const CHATS_LEFT = 2_000
const MEMBERS_LEFT = 8
/** Other processes write there, too: to rest on what was left would mostly be in vain. */
const CHANGED_BY_OTHERS: Remainder = { chat: undefined, members: new Map() }

interface Attempt extends Decided {
  readonly calls: readonly LogCall[]
}

/** Chat, sender and key of a call that names nothing else. */
type Send = readonly [ChatId, UserId, ClientMessageId]
function sendOf({ chat, members, keys, messages, people }: Scope): Send | undefined {
  const [key, ...others] = keys ?? []
  if (!key || others.length > 0 || members?.length !== 1 || members[0] !== key[0] || messages?.length || people?.length) return undefined
  return !isKey(chat) && isUuid(chat) && isUuid(key[0]) ? [chat, ...key] : undefined
}

const CONFLICTS = new Set(['23505', '40001', '40P01', HEAD_MOVED])

/** One lane: a batch is one transaction in two round trips. `done` hears of what was committed, and answers the calls. */
export function postgresStore(
  pool: PgPool,
  take: Store<LogCall>['take'],
  done: (calls: readonly LogCall[], decided: Decided) => LogCall[],
): Store<LogCall> {
  const connection = laneConnection(pool)
  /** It may have been committed: the connection was lost before the answer. */
  let doubt: Attempt | undefined
  const left = new LRUCache<ChatId, Remainder>({ max: CHATS_LEFT })

  async function commit(batch: readonly LogCall[]): Promise<readonly LogCall[]> {
    if (!doubt) return run(batch)
    const verdict = await settle(doubt).catch((error: unknown) => {
      if (!connection.isLost()) doubt = undefined
      throw error
    })
    if (verdict === 'committed') {
      const { calls, ...decided } = doubt
      doubt = undefined
      return [...done(calls, decided), ...batch.filter((call) => !call.isOver && !calls.includes(call))]
    }
    if (verdict === 'failed') doubt = undefined
    return run(batch)
  }

  async function run(calls: readonly LogCall[]): Promise<readonly LogCall[]> {
    const send = calls.length === 1 && sendOf(calls[0]!.scope)
    const decided = (send && (await runAlone(calls, send))) || (await runTogether(calls))
    doubt = undefined
    return done(calls, decided)
  }

  /**
   * A message that nobody else waits with: one statement reads, one writes, and the head tells whether anything happened in between. Undefined
   * where that is not enough, and nothing is written.
   */
  async function runAlone(calls: readonly LogCall[], send: Send): Promise<Decided | undefined> {
    const [chatId, senderId, key] = send
    const again = await runAgain(calls, send)
    if (again) return again
    const [[row]] = (await connection.round([readSend(chatId, senderId, key)])) as [Row[]]
    if (row?.earlier_id) return undefined
    const member = row?.role ? memberOf({ ...row, name: row.user_name }, senderId) : undefined
    const decided = decideOn(calls, row && chatOf(row), member)
    if (decided.held.length === 0) return decided
    const writes = writesOf(decided.held)
    if (decided.held[0]!.other || writes.messages.length !== 1) return undefined
    const [written] = await write([writeSend(writes)], { ...decided, calls })
    if (written!.length === 0) return undefined
    remember(decided, member!, left.get(chatId))
    return decided
  }

  /** The next one of a chat that nobody else has changed is written on what the last one left, without reading anything. */
  async function runAgain(calls: readonly LogCall[], [chatId, senderId]: Send): Promise<Decided | undefined> {
    const known = left.get(chatId)
    const member = known?.members.get(senderId)
    if (!known?.chat || !member) return undefined
    // Whatever happens to this one: what was known is known no longer.
    left.delete(chatId)
    const decided = decideOn(calls, known.chat, member)
    const writes = writesOf(decided.held)
    if (writes.messages.length !== 1) return undefined
    const [written] = await write([writeSendAgain(writes, member.person)], { ...decided, calls })
    if (written!.length === 1) remember(decided, member, known)
    else left.set(chatId, CHANGED_BY_OTHERS)
    return written!.length === 1 ? decided : undefined
  }

  function decideOn(calls: readonly LogCall[], chat: Chat | undefined, member: Member | undefined): Decided {
    const wanted = gather(calls)
    if (chat) putChats(wanted, [chat])
    if (member) wanted.chats.get(calls[0]!.scope.chat)!.state.members.set(member.person.id, member)
    return decideAll(wanted, calls)
  }

  /** What is known of other members holds as long as nothing has happened since. */
  function remember({ held: [held] }: Decided, member: Member, before: Remainder | undefined): void {
    const { was, state } = held!
    const { chat } = state
    if (!chat || before === CHANGED_BY_OTHERS) return
    const others = before?.chat?.headSeq === was?.headSeq && before && before.members.size < MEMBERS_LEFT ? before.members : []
    left.set(chat.id, { chat, members: new Map([...others, [member.person.id, member]]) })
  }

  async function runTogether(calls: readonly LogCall[]): Promise<Decided> {
    const wanted = gather(calls)
    const { statements, put } = loading(wanted)
    put(await connection.round(statements))
    const decided = decideAll(wanted, calls)
    const writes = writing(writesOf(decided.held))
    if (writes.length === 0) await connection.round([ROLLBACK])
    else await write([...writes, COMMIT], { ...decided, calls })
    for (const { name, was } of decided.held) for (const id of [name, was?.id]) if (left.get(id as ChatId)?.chat) left.delete(id as ChatId)
    return decided
  }

  async function write(statements: readonly Statement[], attempt: Attempt): Promise<readonly Row[][]> {
    try {
      return await connection.round(statements)
    } catch (error) {
      if (connection.isLost()) doubt = attempt
      throw error
    }
  }

  /** Looks whether the log has the events of an attempt. The locks wait for the end of the transaction that made it. */
  async function settle({ held }: Attempt): Promise<'committed' | 'failed' | 'unknown'> {
    const chats = held.map(({ was, events }) => was?.id ?? events[0]!.chatId)
    const probes = held.map(({ events }) => probe(events[0]!))
    const [, locked, ...found] = await connection.round([BEGIN, lockChats(chats, []), ...probes, ROLLBACK])
    const heads = new Map(locked!.map((row) => [row.id as ChatId, chatOf(row)]))
    const answers = held.map((one, i) => judge(one, heads.get(chats[i]!), found[i]!))
    return answers.find((answer) => answer !== 'unknown') ?? (held.some(({ other }) => other?.isDeleted) ? 'committed' : 'unknown')
  }

  return {
    take,
    commit,
    trouble: (error) => (connection.isLost() ? 'away' : CONFLICTS.has((error as { code: string }).code) ? 'conflict' : 'other'),
    abort: connection.abort,
    close: connection.close,
  }
}

const probe = (event: ChatEvent): Statement => {
  const values = [event.chatId, event.seq]
  if (event.type === 'message.sent')
    return { name: 'probe_message', text: 'select id from messages where chat_id = $1 and seq = $2', values }
  return { name: 'probe_event', text: 'select type, actor_id, at, payload from events where chat_id = $1 and seq = $2', values }
}

/** A chat that is not there tells nothing: it may be new and on its way, or deleted since. */
function judge({ was, events: [first] }: ChatInBatch, now: Chat | undefined, [row]: readonly Row[]): 'committed' | 'failed' | 'unknown' {
  if (!now) return 'unknown'
  if (row && first && isIt(first, row)) return 'committed'
  return was ? 'failed' : 'unknown'
}

const isIt = (event: ChatEvent, row: Row): boolean =>
  event.type === 'message.sent'
    ? row.id === event.message.id
    : row.type === event.type && row.actor_id === event.actorId && row.at === event.at && row.payload === payloadOf(event)

/** The first round trip: locks, then reads what is wanted in later statements, which see what the last holder of the locks committed. */
function loading(wanted: Wanted): { statements: Statement[]; put: (rows: readonly Row[][]) => void } {
  const ids: string[] = []
  const keys: string[] = []
  for (const name of wanted.chats.keys())
    if (isKey(name)) keys.push(name)
    else if (isUuid(name)) ids.push(name)
  const statements = [BEGIN, lockChats(ids, keys)]
  const puts: ((row: Row, i: number) => void)[] = []
  const how = keys.length > 0 ? 'byKey' : 'byId'

  function read<W extends { readonly held: ChatInBatch }>(
    all: readonly W[],
    cells: (one: W) => Cells,
    statement: (rows: readonly Cells[]) => Statement,
    put: (row: Row, one: W) => void,
  ): void {
    const rows: Cells[] = []
    const asked: W[] = []
    for (const one of all) {
      const row = cells(one)
      if (!isSound(row)) continue
      rows.push(row)
      asked.push(one)
    }
    if (rows.length === 0) return
    statements.push(statement(rows))
    puts.push((row, i) => put(row, asked[i]!))
  }
  const chat = ({ held: { name } }: { readonly held: ChatInBatch }): Cells =>
    isKey(name) ? { chat_id: null, key: name } : { chat_id: name }

  read(
    wanted.members,
    (one) => ({ ...chat(one), user_id: one.userId }),
    readMembers[how],
    (row, { held, userId }) => stateOf(held).members.set(userId, memberOf(row, userId)),
  )
  read(
    wanted.keys,
    (one) => ({ ...chat(one), sender_id: one.senderId, client_message_id: one.clientMessageId }),
    readKeys[how],
    (row, { held, senderId, clientMessageId }) => stateOf(held).earlier.set(sendKey(senderId, clientMessageId), messageOf(row)),
  )
  read(
    wanted.messages,
    (one) => ({ ...chat(one), message_id: one.messageId }),
    readMessages[how],
    (row, { held, messageId }) => stateOf(held).messages.set(messageId, messageOf(row)),
  )
  read(
    wanted.people,
    (one) => ({ user_id: one.userId }),
    readPeople,
    (row, { held, userId }) => stateOf(held).people.set(userId, namedOf(row, userId)),
  )
  const put = ([, chats, ...found]: readonly Row[][]) => {
    putChats(wanted, chats!.map(chatOf))
    for (const [k, rows] of found.entries()) for (const row of rows) puts[k]!(row, (row.i as number) - 1)
  }
  return { statements, put }
}

/** Ids of requests may be anything; what is no UUID is not there. */
const isSound = ({ chat_id, user_id, sender_id, message_id }: Cells): boolean =>
  [chat_id, user_id, sender_id, message_id].every(isUuidOrNot)
const isUuidOrNot = (id: unknown): boolean => typeof id !== 'string' || isUuid(id)
