import type { Problem as WireProblem } from '../../adapters/wire/schemas/service.ts'
import { localProblem } from '../calls/problem.ts'
import type { Emit } from '../platform/events.ts'
import type { Platform } from '../platform/platform.ts'
import { cell } from '../platform/store.ts'
import type { File, Message, MessageAddress, OutboxEntry, OutboxLimits, Persist, SendHandle, SendOptions, SendState } from '../types.ts'
import { isSameEntry, sentContent, trimmed, withFile } from './content.ts'
import { handleOf } from './handle.ts'
import { keeping } from './keeping.ts'
import { sender } from './sender.ts'
import { type Sendings, sendings } from './sendings.ts'
import { states } from './states.ts'
import { tabs } from './tabs.ts'
import { unfit } from './unfit.ts'

export interface Outbox extends Pick<Sendings, 'all' | 'inChat' | 'find'> {
  /** Opens the store of this user and sends what it holds, until `stop`. */
  start(userId: string): Promise<void>
  stop(): void
  /** A key that is waiting already stands for the same message. */
  add(draft: Draft): SendHandle
  /** The log has this message, whoever said so. */
  arrived(message: Message): void
  /** Nothing of this chat can be sent any more. */
  refuse(chatId: string, problem: WireProblem): void
  /** An upload has made its file, or was refused: the messages that wait for it go on, or fail. */
  uploaded(upload: string, file: File | undefined, problem?: WireProblem): void
  /** Tries to send; with `isNew` there is a new connection. */
  pump(isNew?: boolean): void
}

interface Draft {
  readonly chatId: string
  readonly text: string
  readonly options: SendOptions
  readonly forward?: MessageAddress | undefined
}

interface Needs {
  readonly platform: Pick<Platform, 'now' | 'later' | 'random' | 'newId' | 'lock' | 'channel'>
  readonly persist: Persist
  readonly limits: Partial<OutboxLimits> | undefined
  readonly emit: Emit
  /** Aborts when the client ends. */
  readonly closed: AbortSignal
  canSend(): boolean
  post(entry: OutboxEntry): Promise<Message>
  accepted(message: Message): void
  changed(chatId: string): void
}

const LIMITS: OutboxLimits = { count: 500, bytes: 1_048_576, ageMs: 7 * 86_400_000, undoMs: 0 }

/** The parts of an outbox, each of which knows the others. */
function outboxParts(needs: Needs, limits: OutboxLimits) {
  const { platform, emit } = needs
  const all = sendings({ ...needs, retry: (one) => moves.retry(one), cancel: (one) => moves.cancel(one) })
  const shared = tabs({ platform, sendings: all, done: (one, message) => moves.done(one, message), pump: () => sends.pump() })
  const keep = keeping({
    sendings: all,
    emit,
    stored({ entry }) {
      shared.tell({ type: 'put', entry })
      sends.pump()
    },
  })
  const moves = states({ ...needs, sendings: all, keep, tell: shared.tell })
  const sends = sender({ ...needs, limits, sendings: all, states: moves })
  return { all, shared, keep, moves, sends }
}

/** Keeps what is to be sent, and sends it: stored before the first byte leaves, in order in each chat, by one tab for all. */
export function outbox(needs: Needs): Outbox {
  const { platform, emit, closed } = needs
  const limits = { ...LIMITS, ...needs.limits }
  const { all, shared, keep, moves, sends } = outboxParts(needs, limits)
  /** Odd while it runs: what an earlier run has begun ends by itself. */
  let runs = 0
  let store: ReturnType<Persist> | undefined

  async function start(userId: string): Promise<void> {
    if (runs % 2 === 1 || closed.aborted) return
    const run = ++runs
    const opened = await (store ??= needs.persist(userId))
    if (run !== runs) return
    const { sharedAs } = opened
    if (sharedAs !== undefined) shared.join(sharedAs)
    await keep.open(opened)
    if (run !== runs) return
    if (sharedAs === undefined) return sends.start()
    const turn = shared.takeTurn(sharedAs, async () => {
      await keep.load()
      if (run === runs) sends.start()
    })
    turn.catch((error: unknown) => emit('error', { error, during: 'taking turns to send' }))
  }

  function add(draft: Draft): SendHandle {
    const entry = entryOf(draft, { at: platform.now(), newId: platform.newId, nextOrder: all.nextOrder })
    const { chatId, key } = entry
    const waiting = all.find(chatId, key)
    if (waiting && isSameEntry(waiting.entry, entry)) return waiting.handle
    const problem = waiting ? keyReused : (unfit(entry) ?? tooMuch(all, entry, limits))
    if (problem) {
      emit('refused', { chatId, key, problem })
      return handleOf(entry, cell<SendState>({ status: 'failed', problem }), { retry: () => {}, cancel: () => true, closed })
    }
    const sending = all.add(entry, false)
    keep.put(sending)
    all.changed(chatId)
    return sending.handle
  }

  return {
    ...all,
    start,
    stop() {
      runs += runs % 2
      sends.stop()
      shared.leave()
    },
    add,
    arrived(message) {
      const sending = all.find(message.chatId, message.clientMessageId ?? '')
      // Another text under this key is another message: the service will say so.
      if (!sending || (message.version === 1 && isOther(message, sending.entry))) return
      moves.done(sending, message)
      sends.pump()
    },
    refuse(chatId, problem) {
      for (const sending of all.all.get()) if (sending.entry.chatId === chatId && !sending.entry.problem) moves.fail(sending, problem)
    },
    uploaded(upload, file, problem) {
      for (const sending of all.all.get()) {
        const entry = withFile(sending.entry, upload, file)
        if (entry && problem) moves.fail(sending, problem)
        else if (entry) moves.filled(sending, entry)
      }
    },
    pump: sends.pump,
  }
}

const isOther = ({ text }: Message, entry: OutboxEntry): boolean => !entry.forward && text !== undefined && text !== entry.text

interface Made {
  readonly at: number
  newId(): string
  nextOrder(at: number): number
}

function entryOf({ chatId, text, options, forward }: Draft, { at, newId, nextOrder }: Made): OutboxEntry {
  const kept = trimmed(text, options.mentions)
  const content = sentContent({ ...options, mentions: kept.mentions })
  const { key = newId(), replyTo } = options
  const besides = { ...(content && { content }), ...(forward && { forward }) }
  return { key, chatId, text: kept.text, replyTo, ...besides, at, order: nextOrder(at), problem: undefined }
}

const keyReused = localProblem('key-reused', 'This key belongs to another message')

function tooMuch({ all }: Sendings, added: OutboxEntry, limits: OutboxLimits): WireProblem | undefined {
  const encoder = new TextEncoder()
  const bytes = ({ text, content }: OutboxEntry) => encoder.encode(text + (content ? JSON.stringify(content) : '')).length
  const kept = all.get().reduce((sum, { entry }) => sum + bytes(entry), 0)
  const isFull = all.get().length >= limits.count || kept + bytes(added) > limits.bytes
  return isFull ? localProblem('outbox-full', 'Too much is waiting to be sent') : undefined
}
