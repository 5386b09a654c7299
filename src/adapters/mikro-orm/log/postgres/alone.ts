import { LRUCache } from 'lru-cache'
import type { Chat } from '../../../../domain/chat.ts'
import type { Scope } from '../../../../domain/decision.ts'
import { type ChatId, type ClientMessageId, isKey, type UserId } from '../../../../domain/ids.ts'
import type { Member } from '../../../../domain/member.ts'
import type { Row } from '../../database/connect.ts'
import { isUuid } from '../../database/schema.ts'
import type { Statement } from '../../lane/round.ts'
import { type Call, type ChatInBatch, type Decided, decideAll, gather, putChats } from '../batch.ts'
import { chatOf, memberOf } from '../rows.ts'
import { loneMessage, writesOf } from '../writes.ts'
import { readSend, writeSend, writeSendAgain } from './statements.ts'

/**
 * How a chat stood after the last message that was sent alone, and which of its members sent some. Everything that could make it wrong moves
 * the head, except the names of users: the statement that relies on it checks both.
 */
interface Remainder {
  readonly chat: Chat | undefined
  readonly members: ReadonlyMap<UserId, Member>
}
const CHATS = 2_000
const MEMBERS = 8
/** Other processes write there, too: relying on a remainder would mostly be in vain. */
const CHANGED_BY_OTHERS: Remainder = { chat: undefined, members: new Map() }

/** Chat, sender and key of a call that names nothing else. */
type Send = readonly [ChatId, UserId, ClientMessageId]
function sendOf({ chat, earlier, members, ...others }: Scope): Send | undefined {
  const [key, ...further] = earlier ?? []
  if (!key || further.length > 0 || members?.length !== 1 || members[0] !== key[0]) return undefined
  if (Object.values(others).some((names) => names.length > 0)) return undefined
  return !isKey(chat) && isUuid(chat) && isUuid(key[0]) ? [chat, ...key] : undefined
}

export interface LoneSends<C extends Call> {
  /**
   * Sends a message that no other call waits with: one statement reads, one writes, and the head tells whether anything happened in between.
   * Undefined where that is not enough; then nothing is written. See docs/decisions/0008-a-lone-message-takes-no-lock.md.
   */
  run(calls: readonly C[]): Promise<Decided | undefined>
  /** Something else was committed in these chats. */
  forget(changed: readonly ChatInBatch[]): void
}

interface Rounds<C extends Call> {
  read(statement: Statement): Promise<readonly Row[]>
  write(statement: Statement, attempt: Decided & { readonly calls: readonly C[] }): Promise<readonly Row[]>
}

export function loneSends<C extends Call>({ read, write }: Rounds<C>): LoneSends<C> {
  const remainders = new LRUCache<ChatId, Remainder>({ max: CHATS })

  async function afresh(calls: readonly C[], [chatId, senderId, key]: Send): Promise<Decided | undefined> {
    const [row] = await read(readSend(chatId, senderId, key))
    if (row?.earlier_id) return undefined
    const member = row?.role ? memberOf({ ...row, name: row.user_name }, senderId) : undefined
    const decided = decideOn(calls, row && chatOf(row), member)
    if (decided.changed.length === 0) return decided
    const writes = writesOf(decided.changed)
    const message = loneMessage(writes)
    if (!message) return undefined
    const written = await write(writeSend(writes, message), { ...decided, calls })
    if (written.length === 0) return undefined
    remember(decided, member!, remainders.get(chatId))
    return decided
  }

  /** The next one of a chat that nobody else has changed is written on what the last one left, without reading anything. */
  async function again(calls: readonly C[], [chatId, senderId]: Send): Promise<Decided | undefined> {
    const known = remainders.get(chatId)
    const member = known?.members.get(senderId)
    if (!known?.chat || !member) return undefined
    // Whatever happens to this one: what was known is known no longer.
    remainders.delete(chatId)
    const decided = decideOn(calls, known.chat, member)
    const writes = writesOf(decided.changed)
    const message = loneMessage(writes)
    if (!message) return undefined
    const written = await write(writeSendAgain(writes, message, member.person), { ...decided, calls })
    if (written.length === 1) remember(decided, member, known)
    else remainders.set(chatId, CHANGED_BY_OTHERS)
    return written.length === 1 ? decided : undefined
  }

  /** What is known of other members holds as long as nothing has happened since. */
  function remember({ changed: [changed] }: Decided, member: Member, before: Remainder | undefined): void {
    const { was, state } = changed!
    const { chat } = state
    if (!chat || before === CHANGED_BY_OTHERS) return
    const others = before?.chat?.headSeq === was?.headSeq && before && before.members.size < MEMBERS ? before.members : []
    remainders.set(chat.id, { chat, members: new Map([...others, [member.person.id, member]]) })
  }

  return {
    async run(calls) {
      const send = calls.length === 1 ? sendOf(calls[0]!.scope) : undefined
      return send && ((await again(calls, send)) ?? (await afresh(calls, send)))
    },
    forget(changed) {
      for (const { name, was } of changed)
        for (const id of [name, was?.id]) if (remainders.get(id as ChatId)?.chat) remainders.delete(id as ChatId)
    },
  }
}

function decideOn(calls: readonly Call[], chat: Chat | undefined, member: Member | undefined): Decided {
  const wanted = gather(calls)
  if (chat) putChats(wanted, [chat])
  if (member) wanted.chats.get(calls[0]!.scope.chat)!.state.members.set(member.person.id, member)
  return decideAll(wanted, calls)
}
