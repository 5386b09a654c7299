import type { Caller } from '../../src/application/chat-api.ts'
import type { ChatId, ClientMessageId, UserId } from '../../src/domain/ids.ts'
import type { Embedded } from '../../src/main/embed.ts'
import { built } from '../measure/built.ts'
import { answering } from '../measure/child.ts'
import { keys, TEXT, tally } from './closed-loop.ts'

/** The chat as a library: those who send, and those who read history, are in its own process. */
const { embed } = await built('index')
const { database } = await built('mikro-orm')

export interface Sender {
  readonly caller: Caller
  readonly chatId: ChatId
  /** Whom each message mentions, letter by letter of its text. */
  readonly names?: readonly UserId[]
}
export type LibraryBegin =
  | { readonly senders: readonly Sender[] }
  | { readonly reader: Sender; readonly head: number; readonly outstanding: number }

let chat: Embedded
let isOn = false
let workers: Promise<void>[] = []
let done = tally()
const nextKey = keys()

async function send({ caller, chatId, names = [] }: Sender): Promise<void> {
  const mentions = names.map((userId, start) => ({ kind: 'user', userId, start, length: 1 }) as const)
  while (isOn) {
    const sentAt = performance.now()
    await chat.api.sendMessage(caller, { chatId, clientMessageId: nextKey() as ClientMessageId, text: TEXT, mentions })
    done.count()
    done.took(sentAt)
  }
}

async function read({ caller, chatId }: Sender, head: number): Promise<void> {
  while (isOn) {
    const askedAt = performance.now()
    const before = 100 + Math.floor(Math.random() * (head - 100))
    const { items } = await chat.api.listMessages(caller, { chatId, window: { kind: 'before', seq: before }, limit: 50 })
    if (items.length !== 50) throw new Error(`a page of ${items.length}`)
    done.count()
    done.took(askedAt)
    if (done.isDue()) await new Promise(setImmediate)
  }
}

answering({
  async start({ databaseUrl }: { databaseUrl: string }) {
    chat = embed(await database(databaseUrl))
  },
  begin(options: LibraryBegin) {
    isOn = true
    done = tally()
    workers =
      'senders' in options
        ? options.senders.map(send)
        : Array.from({ length: options.outstanding }, () => read(options.reader, options.head))
  },
  mark: () => done.mark(),
  async end() {
    isOn = false
    await Promise.all(workers)
  },
})
