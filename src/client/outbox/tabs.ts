import type { Channel, Platform } from '../platform/platform.ts'
import type { Message, OutboxEntry, SendState } from '../types.ts'
import type { Sending, Sendings } from './sendings.ts'

interface Named {
  readonly chatId: string
  readonly key: string
}

/** What the tabs that share an outbox tell each other. */
interface Told {
  readonly put: { readonly entry: OutboxEntry }
  readonly moved: Named & { readonly status: 'queued' | 'sending' }
  readonly sent: Named & { readonly message: Message }
  readonly cancelled: Named
}
export type News = { [T in keyof Told]: { readonly type: T } & Told[T] }[keyof Told]
export type Tell = (news: News) => void

export interface Tabs {
  readonly tell: Tell
  /** Opens the channel of this name. */
  join(name: string): void
  /** Runs `work` in one tab at a time, until `leave`. */
  takeTurn(name: string, work: () => Promise<void>): Promise<void>
  leave(): void
}

interface Needs {
  readonly platform: Pick<Platform, 'channel' | 'lock'>
  readonly sendings: Sendings
  done(sending: Sending, message: Message): void
  pump(): void
}

/** Tabs that share an outbox: one of them sends, and all know what becomes of each message. */
export function tabs({ platform, sendings, done, pump }: Needs): Tabs {
  let channel: Channel | undefined
  let release = () => {}
  let turn = 0

  const known = ({ chatId, key }: Named) => sendings.find(chatId, key)
  const move = (sending: Sending | undefined, state: SendState) => {
    sending?.state.set(state)
    if (sending) sendings.changed(sending.entry.chatId)
  }

  const received: { readonly [T in keyof Told]: (news: Told[T]) => void } = {
    put({ entry }) {
      const sending = known(entry) ?? sendings.add(entry, true)
      sending.entry = entry
      if (entry.problem) sending.state.set({ status: 'failed', problem: entry.problem })
      else if (sending.state.get().status !== 'sending') sending.state.set({ status: 'queued' })
      sendings.changed(entry.chatId)
      pump()
    },
    moved: (news) => move(known(news), { status: news.status }),
    sent(news) {
      const sending = known(news)
      if (sending) done(sending, news.message)
    },
    cancelled(news) {
      const sending = known(news)
      if (sending) sendings.drop(sending)
      move(sending, { status: 'cancelled' })
    },
  }

  return {
    tell: (news) => channel?.post(news),
    join(name) {
      channel = platform.channel(name)
      channel.listen((news) => {
        const { type } = news as News
        if (Object.hasOwn(received, type)) received[type](news as never)
      })
    },
    takeTurn(name, work) {
      const mine = ++turn
      return platform.lock(`${name} sender`, async () => {
        if (mine !== turn) return
        const left = new Promise<void>((resolve) => (release = resolve))
        await work()
        await left
      })
    },
    leave() {
      turn++
      release()
      channel?.close()
      channel = undefined
    },
  }
}
