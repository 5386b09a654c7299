import fc from 'fast-check'
import type { Marked } from '../../src/application/ports/receipts.ts'
import { type Scene, sceneOf } from '../../src/contracts/scene.ts'
import type { StoreHarness } from '../../src/contracts/store-harness.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import type { ChatId, MessageId, UserId } from '../../src/domain/ids.ts'
import type { Message } from '../../src/domain/message.ts'
import { isRefusal, type RefusalCode } from '../../src/domain/refusal.ts'

/** What somebody may do. Keys and texts come from small pools, so that retries and clashes are frequent. */
export type Action =
  /** `late`: by how many minutes the sender's process lags behind the others. */
  | { readonly do: 'send'; readonly key: number; readonly text: number; readonly late: number }
  | { readonly do: 'edit'; readonly which: number; readonly text: number }
  | { readonly do: 'delete'; readonly which: number }
  | { readonly do: 'join'; readonly whom: number }
  | { readonly do: 'leave' }
  | { readonly do: 'read'; readonly to: number }

const small = fc.nat({ max: 3 })
const which = fc.nat({ max: 7 })
export const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), key: fc.nat({ max: 5 }), text: fc.nat({ max: 1 }), late: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), which, text: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('join' as const), whom: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), to: fc.nat({ max: 30 }) }) },
)

/** A device of one of four people does one thing after the other, each when the one before is answered. */
export interface Device {
  readonly who: number
  readonly actions: readonly Action[]
}
export const devices: fc.Arbitrary<readonly Device[]> = fc.array(
  fc.record({ who: small, actions: fc.array(action, { minLength: 1, maxLength: 10, size: 'max' }) }),
  { minLength: 1, maxLength: 5, size: 'max' },
)

/** What was asked, when, and what came of it. Moments are numbers in the order in which things were seen to happen. */
export interface Deed {
  readonly device: number
  readonly who: UserId
  readonly action: Action
  readonly began: number
  readonly ended: number
  readonly sent?: { readonly message: Message; readonly replayed: boolean }
  readonly changed?: Message
  readonly marked?: Marked | undefined
  readonly refusal?: RefusalCode
}

export interface Setting {
  readonly stage: Scene
  readonly chat: ChatId
  /** The owner, two members, and somebody who is not in. */
  readonly people: readonly UserId[]
}

export interface Story extends Setting {
  readonly deeds: readonly Deed[]
  readonly log: readonly ChatEvent[]
}

export async function settingOf(store: StoreHarness): Promise<Setting> {
  const stage = sceneOf(store)
  const people = await stage.persons(4)
  const chat = await stage.group(people[0]!, people[1]!, people[2]!)
  return { stage, chat, people }
}

/** Carries out one action. Messages are chosen among those that were acknowledged; without any, nothing is done. */
export async function perform(
  { stage, chat, people }: Setting,
  who: UserId,
  what: Action,
  known: readonly MessageId[],
): Promise<Partial<Deed>> {
  const chosen = 'which' in what ? known[what.which % known.length] : undefined
  try {
    switch (what.do) {
      case 'send': {
        const draft = stage.draftOf(who, `text ${what.text}`, { key: `key ${what.key}` })
        return { sent: await stage.submit(chat, { ...draft, at: draft.at - what.late * 60_000 }) }
      }
      case 'edit':
        return chosen ? { changed: await stage.edit(chat, who, chosen, `text ${what.text}`) } : {}
      case 'delete':
        return chosen ? { changed: await stage.remove(chat, who, chosen) } : {}
      case 'join':
        await stage.add(chat, people[0]!, people[what.whom]!)
        return {}
      case 'leave':
        await stage.dismiss(chat, who, who)
        return {}
      case 'read':
        return { marked: await stage.receipts.advance({ chatId: chat, userId: who, to: what.to, at: stage.tick() }) }
    }
  } catch (thrown) {
    if (isRefusal(thrown)) return { refusal: thrown.code }
    throw thrown
  }
}

/**
 * Lets all devices act, in the interleaving that the scheduler chooses, and reads the log at the end. The owner stays, since a group
 * goes with the last one.
 */
export async function storyOf(store: StoreHarness, scheduler: fc.Scheduler, plan: readonly Device[]): Promise<Story> {
  const setting = await settingOf(store)
  const deeds: Deed[] = []
  const known: MessageId[] = []
  let moment = 0
  const act = async ({ who: name, actions }: Device, device: number) => {
    const who = setting.people[name]!
    for (const what of actions) {
      if (what.do === 'leave' && name === 0) continue
      await scheduler.schedule(Promise.resolve(), `${device}: ${what.do}`)
      const began = moment++
      const outcome = await perform(setting, who, what, known)
      deeds.push({ device, who, action: what, ...outcome, began, ended: moment++ })
      if (outcome.sent && !outcome.sent.replayed) known.push(outcome.sent.message.id)
    }
  }
  await scheduler.waitFor(Promise.all(plan.map(act)))
  return { ...setting, deeds, log: await setting.stage.events(setting.chat) }
}
