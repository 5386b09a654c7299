import type { ChatId, ClientMessageId } from '../../domain/ids.ts'
import { STAFF } from '../../domain/member.ts'
import { Refusal } from '../../domain/refusal.ts'
import { checkedName } from '../../domain/words.ts'
import type { Caller } from '../chat-api.ts'
import { seen } from '../chats/seen.ts'
import { addUser } from '../identity/add-user.ts'
import { type AdmittingNeeds, admitted } from '../messages/admitting.ts'
import { draftOf, posted } from '../messages/posting.ts'
import type { Ports } from '../ports/ports.ts'
import { oldestFirst, sliceOf } from '../slicing.ts'
import type { InletsApi } from './api.ts'

/** Inlets of a chat, at most. */
const INLETS_LIMIT = 50

type Needs = AdmittingNeeds & Pick<Ports, 'inlets' | 'people' | 'random' | 'newSecret' | 'limiter'>

export function inletCalls(needs: Needs): InletsApi {
  const { inlets, chats, clock, newId, newSecret, digest, limiter } = needs
  const full = () => new Refusal('inlets-full', { limit: INLETS_LIMIT })

  async function requireStaff({ userId }: Caller, chatId: ChatId): Promise<void> {
    const { chat, me } = seen(await chats.get(userId, chatId), chatId)
    if (chat.kind !== 'group') throw new Refusal('not-a-group')
    if (!me || !STAFF.includes(me.role)) throw new Refusal('not-allowed', { requires: STAFF })
  }

  return {
    async createInlet(caller, { chatId, name }) {
      const checked = checkedName(name)
      await requireStaff(caller, chatId)
      if ((await inlets.list(chatId)).length >= INLETS_LIMIT) throw full()
      const bot = { name: checked, kind: 'bot', username: undefined, email: undefined, passwordHash: undefined } as const
      const { id: botId } = await addUser(needs, bot)
      const secret = newSecret()
      const given = { chatId, botId, name: checked, createdBy: caller.userId, createdAt: clock() }
      const inlet = { ...given, id: newId(), hash: digest(secret) }
      if (!(await inlets.add(inlet, INLETS_LIMIT))) throw full()
      return { inlet, secret }
    },
    async listInlets(caller, chatId, window) {
      await requireStaff(caller, chatId)
      return sliceOf(await inlets.list(chatId), window, oldestFirst)
    },
    async deleteInlet(caller, { chatId, inletId }) {
      await requireStaff(caller, chatId)
      if (!(await inlets.remove(chatId, inletId))) throw new Refusal('not-found')
    },
    async postToInlet(_anonymous, { inletId, secret, text, key }) {
      const inlet = await inlets.get(inletId)
      // Digests are compared: the time that it takes says nothing about the secret.
      if (inlet?.hash !== digest(secret)) throw new Refusal('not-found')
      await limiter.admit('inlet', inletId)
      const bot = { userId: inlet.botId, sessionId: '' as Caller['sessionId'] }
      const clientMessageId = (key ?? newId()) as ClientMessageId
      const draft = { ...draftOf(needs, bot, { clientMessageId, text }), isOutside: true as const }
      const { chatId } = inlet
      const { view } = await admitted(needs, bot, draft, {
        about: { id: chatId },
        chat: chatId,
        send: (kept) => posted(needs, chatId, kept),
      })
      return { messageId: view.message.id }
    },
  }
}
