import type { Instant } from '../../domain/ids.ts'
import { isKnown } from '../../domain/kinds/kinds.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import type { Consumer, ConsumerSettings } from '../ports/consumers.ts'
import type { Ports } from '../ports/ports.ts'
import { startOf } from '../relay/ranges.ts'
import { sliceOf } from '../slicing.ts'
import type { Hook, HookChange, HooksApi } from './api.ts'

/** Webhooks of a service, at most. */
const HOOKS_LIMIT = 100

type Needs = Pick<Ports, 'consumers' | 'hooks' | 'log' | 'clock' | 'newId'> & {
  /** Tells the relay that a consumer was changed. */
  readonly changed: () => void
}

interface Own {
  readonly url: string
  readonly secret: number
  readonly rotatedAt?: Instant
}

const ownOf = ({ settings }: Consumer): Own => settings.own as unknown as Own

const hookOf = (consumer: Consumer): Hook => ({
  id: consumer.id,
  url: ownOf(consumer).url,
  types: consumer.settings.types,
  chatIds: consumer.settings.chatIds,
  batch: consumer.settings.batch,
  isEnabled: consumer.state !== 'off',
  state: consumer.state,
  behind: consumer.report.behind,
  lastSuccessAt: consumer.report.lastSuccessAt,
  lastError: consumer.report.lastError,
})

export const hookCalls = (needs: Needs): HooksApi => ({ ...keeping(needs), ...replaying(needs) })

type Kept = 'createHook' | 'listHooks' | 'getHook' | 'updateHook' | 'deleteHook' | 'rotateHook'

/** The calls that make, change and delete webhooks. */
function keeping(needs: Needs): Pick<HooksApi, Kept> {
  const { consumers, hooks, clock, newId, changed } = needs
  const { present, after } = looking(needs)
  const kept = async () => (await consumers.list()).filter(({ kind }) => kind === 'hook')
  const full = () => new Refusal('hooks-full', { limit: HOOKS_LIMIT })

  return {
    async createHook(_caller, command) {
      check(hooks, command)
      if ((await kept()).length >= HOOKS_LIMIT) throw full()
      const { url, types, chatIds, batch = 1, from } = command
      const id = newId()
      const settings: ConsumerSettings = { types: types ?? undefined, chatIds: chatIds ?? undefined, batch, own: { url, secret: 1 } }
      await consumers.add({ id, kind: 'hook', name: `hook ${id}`, settings, lag: 0, from })
      // Several may have been created at once: none of them stays above the limit.
      if ((await kept()).length > HOOKS_LIMIT) {
        await consumers.remove(id)
        throw full()
      }
      return { hook: await after(id), secret: hooks.secret(id, 1) }
    },
    listHooks: async (_caller, window) =>
      sliceOf((await kept()).map(hookOf), window, { position: ({ id }) => ({ id }), isAfter: (one, other) => one.id > other.id }),
    getHook: async (_caller, hookId) => hookOf(await present(hookId)),
    async updateHook(_caller, { hookId, ...change }) {
      check(hooks, change)
      const { settings: were, ...consumer } = await present(hookId)
      const { url, types, chatIds, batch = were.batch, isEnabled } = change
      const settings: ConsumerSettings = {
        types: types === undefined ? were.types : (types ?? undefined),
        chatIds: chatIds === undefined ? were.chatIds : (chatIds ?? undefined),
        batch,
        own: { ...were.own, ...(url !== undefined && { url }) },
      }
      const isOff = consumer.state === 'off'
      const state = isEnabled !== isOff ? undefined : isEnabled ? 'ok' : 'off'
      await consumers.change(hookId, { settings, state })
      return after(hookId)
    },
    async deleteHook(_caller, hookId) {
      await present(hookId)
      await consumers.remove(hookId)
      changed()
    },
    async rotateHook(_caller, hookId) {
      const consumer = await present(hookId)
      const secret = ownOf(consumer).secret + 1
      await consumers.change(hookId, {
        settings: { ...consumer.settings, own: { ...ownOf(consumer), secret, rotatedAt: clock() } },
      })
      return { hook: await after(hookId), secret: hooks.secret(hookId, secret) }
    },
  }
}

/** The calls that go back or on in what is delivered. */
function replaying(needs: Needs): Omit<HooksApi, Kept> {
  const { consumers, log } = needs
  const { present, after } = looking(needs)
  return {
    async replayHook(_caller, { hookId, from, chatId }) {
      const consumer = await present(hookId)
      if (chatId === undefined) await consumers.change(hookId, { replayFrom: from })
      else {
        const [position] = await consumers.positions(consumer, [chatId])
        if (!position || position.deletedBy) throw new Refusal('chat-not-found', { chatId })
        await consumers.rewind(hookId, chatId, await startOf(log, { from }, chatId, position.head))
      }
      return after(hookId)
    },
    async skipHook(_caller, { hookId, chatId }) {
      const consumer = await present(hookId)
      const [position] = await consumers.positions(consumer, [chatId])
      if (!position) throw new Refusal('chat-not-found', { chatId })
      const { cursor } = position
      if (cursor?.frozen) {
        const { to, types } = cursor.frozen
        const at = { consumerId: hookId, generation: consumer.generation, chatId, was: cursor.seq }
        await consumers.bury(at, { seq: to }, { chatId, from: cursor.seq + 1, to, types, error: cursor.error })
        await consumers.change(hookId, {})
      }
      return after(hookId)
    },
    async listDeadRanges(_caller, hookId, window) {
      await present(hookId)
      return consumers.dead(hookId, window)
    },
    async retryDeadRanges(_caller, hookId) {
      await present(hookId)
      await consumers.revive(hookId)
      return after(hookId)
    },
  }
}

function check(hooks: Ports['hooks'], { url, types }: HookChange): void {
  const fault = url === undefined ? undefined : hooks.fault(url)
  if (fault) throw invalid('/url', fault)
  types?.forEach((type, i) => {
    if (!isKnown(type)) throw invalid(`/types/${i}`, 'is the type of an event')
  })
}

function looking({ consumers, changed }: Needs) {
  async function present(hookId: string): Promise<Consumer> {
    const consumer = await consumers.get(hookId)
    if (consumer?.kind !== 'hook') throw new Refusal('not-found')
    return consumer
  }
  async function after(hookId: string): Promise<Hook> {
    changed()
    return hookOf(await present(hookId))
  }
  return { present, after }
}
