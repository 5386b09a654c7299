import { type Arranged, arrange } from '../../domain/arranging.ts'
import { nothing } from '../../domain/decision.ts'
import { type ChatId, type CreationKey, creationKey, SYSTEM_ID, type UserId } from '../../domain/ids.ts'
import { checkedExternalId } from '../../domain/keys.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedName } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import type { MemberPosition } from '../ports/views.ts'
import type { ChatWanted } from '../provisioned.ts'

type Needs = Pick<Ports, 'log' | 'chats' | 'people' | 'clock' | 'newId' | 'groupLimit'>

const TRIES = 5
const PAGE = 100

/** Creates and changes groups by their external ids, each all or nothing. */
export const provisionChats =
  (needs: Needs): ChatApi['provisionChats'] =>
  async (_caller, { chats: given }) => {
    const items = []
    for (const wanted of given) {
      const externalId = checkedExternalId(wanted.externalId)
      const { chatId, result } = await arranged(needs, wanted)
      const view = await needs.chats.get(await memberOf(needs, chatId), chatId)
      if (!view) throw new Refusal('chat-not-found', { chatId })
      items.push({ externalId, view, result })
    }
    return items
  }

async function arranged(needs: Needs, wanted: ChatWanted): Promise<Arranged> {
  const { log, clock, newId } = needs
  const name = checkedName(wanted.name)
  const [ownerId, ...others] = (await peopleOf(needs, [wanted.owner, ...wanted.members])) as [UserId, ...UserId[]]
  const memberIds = [...new Set(others)].filter((id) => id !== ownerId)
  const key = creationKey(SYSTEM_ID, wanted.externalId)
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const { present, memberSeq } = await membersOf(needs, key)
    const all = [...new Set([ownerId, ...memberIds, ...present])]
    const arrangement = {
      id: newId() as ChatId,
      key,
      name,
      ownerId,
      memberIds,
      present,
      memberSeq,
      isExact: wanted.exact ?? false,
      limit: needs.groupLimit,
      at: clock(),
    }
    const people = [ownerId, ...memberIds]
    const outcome = await log.change({ chat: key, members: all, people, bans: people, mutes: people, outsiders: people }, (state) =>
      arrange(state, arrangement),
    )
    if (outcome !== 'stale') return outcome
  }
  throw new Refusal('overloaded')
}

async function peopleOf({ people }: Needs, externalIds: readonly string[]): Promise<UserId[]> {
  const known = await people.external([...new Set(externalIds)])
  const missing = externalIds.filter((id) => !known.has(id))
  if (missing.length > 0) throw new Refusal('user-not-found', { userIds: [...new Set(missing)] as UserId[] })
  return externalIds.map((id) => known.get(id)!.id)
}

/** Who is in the chat now, and as of which event. */
async function membersOf(
  { log, chats }: Needs,
  key: CreationKey,
): Promise<{ readonly present: readonly UserId[]; readonly memberSeq: number }> {
  const chat = await log.change({ chat: key }, ({ chat }) => nothing(chat))
  if (!chat) return { present: [], memberSeq: 0 }
  const viewer = await memberOf({ chats }, chat.id)
  const present: UserId[] = []
  for (let from: MemberPosition | undefined, isMore = true; isMore; ) {
    const page = await chats.members(viewer, chat.id, { limit: PAGE, from })
    present.push(...(page?.items ?? []).map(({ person }) => person.id))
    from = page?.next
    isMore = from !== undefined
  }
  return { present, memberSeq: chat.memberSeq }
}

async function memberOf({ chats }: Pick<Needs, 'chats'>, chatId: ChatId): Promise<UserId> {
  const [first] = await chats.readMarks(chatId, 1)
  return first?.userId ?? SYSTEM_ID
}
