import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory/ports.ts'
import { isRefusal, refuse } from '../../src/domain/refusal.ts'
import { embed } from '../../src/main/embed.ts'
import { tries } from '../support/tries.ts'

/** What the host's code does with one text. */
type Verdict = 'keeps' | 'masks' | 'refuses' | 'breaks'
type Hook = (draft: { readonly text: string }) => { readonly text: string }
type Send = (
  key: string,
  text: string,
) => Promise<{ readonly view: { readonly message: { readonly id: string } }; readonly replayed: boolean }>

/** Code that does with each text what it was told to do. No two masked texts are the same. */
function hostsCode(): { say(verdict: Verdict): void; readonly hook: Hook } {
  let [verdict, masks] = ['keeps' as Verdict, 0]
  const deeds: { readonly [V in Verdict]: Hook } = {
    keeps: (draft) => draft,
    masks: ({ text }) => ({ text: `${text} ${++masks}` }),
    refuses: () => refuse('no'),
    breaks() {
      throw new Error('the host’s own')
    },
  }
  return { say: (next) => void (verdict = next), hook: (draft) => deeds[verdict](draft) }
}

async function world(beforeSend?: Hook): Promise<{ send: Send; close(): Promise<void> }> {
  const chat = embed(memory(), { beforeSend })
  const anna = await chat.addPerson({ name: 'Anna' })
  const { view } = await chat.as(anna.userId).createGroup({ name: 'Group', memberIds: [] })
  const send: Send = (clientMessageId, text) => chat.as(anna.userId).sendMessage({ chatId: view.chat.id, clientMessageId, text })
  return { send, close: chat.close }
}

const hooked = (hook: Hook) => world(hook)
const saboteurs = [
  [
    'digests the text that the host has made',
    async (hook: Hook) => {
      const { send, close } = await world()
      return { close, send: async (key: string, text: string) => send(key, hook({ text }).text) }
    },
  ],
  [
    'asks the host before it looks the key up',
    async (hook: Hook) => {
      const { send, close } = await world(hook)
      return {
        close,
        async send(key: string, text: string) {
          hook({ text })
          return send(key, text)
        },
      }
    },
  ],
] as const

const attempt = fc.record({
  key: fc.constantFrom('a', 'b'),
  text: fc.constantFrom('one', 'two'),
  verdict: fc.constantFrom<Verdict>('keeps', 'masks', 'refuses', 'breaks'),
})

/** Whatever the host's code does, a retry of what was stored is answered with its message, and other content under its key is refused. */
const retriesAreReplays = (open: (hook: Hook) => Promise<{ send: Send; close(): Promise<void> }>) =>
  fc.asyncProperty(fc.array(attempt, { maxLength: 12 }), async (attempts) => {
    const host = hostsCode()
    const { send, close } = await open(host.hook)
    const stored = new Map<string, { readonly text: string; readonly id: string }>()
    for (const { key, text, verdict } of attempts) {
      host.say(verdict)
      const before = stored.get(key)
      const outcome = await send(key, text).catch((error: unknown) => error)
      const sent = outcome instanceof Error ? undefined : (outcome as Awaited<ReturnType<Send>>)
      if (before?.text === text) expect(sent).toMatchObject({ replayed: true, view: { message: { id: before.id } } })
      else if (before) expect(isRefusal(outcome, 'key-reused')).toBe(true)
      else {
        expect(sent !== undefined).toBe(verdict === 'keeps' || verdict === 'masks')
        if (sent) stored.set(key, { text, id: sent.view.message.id })
      }
    }
    await close()
  })

describe('a host that changes and refuses texts', () => {
  it('leaves retries what they are', async () => {
    await expect(fc.assert(retriesAreReplays(hooked), { numRuns: tries(100) })).resolves.toBeUndefined()
  })

  it.each(saboteurs)('would be noticed where a chat %s', async (_, open) => {
    expect(await fc.check(retriesAreReplays(open), { numRuns: 200 })).toMatchObject({ failed: true })
  })
})

type Edits = (text: string) => Promise<{ readonly message: { readonly text: string | undefined; readonly version: number } }>

async function edited(beforeSend?: Hook): Promise<{ edit: Edits; close(): Promise<void> }> {
  let isSending = true
  const chat = embed(memory(), { beforeSend: beforeSend && ((draft) => (isSending ? draft : beforeSend(draft))) })
  const anna = await chat.addPerson({ name: 'Anna' })
  const { view } = await chat.as(anna.userId).createGroup({ name: 'Group', memberIds: [] })
  const chatId = view.chat.id
  const sent = await chat.as(anna.userId).sendMessage({ chatId, clientMessageId: 'k', text: 'first' })
  isSending = false
  return { edit: (text) => chat.as(anna.userId).editMessage({ chatId, messageId: sent.view.message.id, text }), close: chat.close }
}

const editSaboteurs = [
  [
    'compares the text that the host has made',
    async (hook: Hook) => {
      const { edit, close } = await edited()
      return { close, edit: async (text: string) => edit(hook({ text }).text) }
    },
  ],
  [
    'passes on what the host throws',
    async (hook: Hook) => {
      const { edit, close } = await edited(hook)
      return {
        close,
        async edit(text: string) {
          hook({ text })
          return edit(text)
        },
      }
    },
  ],
] as const

const editing = fc.record({
  text: fc.constantFrom('one', 'two'),
  verdict: fc.constantFrom<Verdict>('keeps', 'masks', 'refuses', 'breaks'),
})

/** Whatever the host's code does, the edit that made a message what it is changes nothing when it comes again. */
const repeatedEditsChangeNothing = (open: (hook: Hook) => Promise<{ edit: Edits; close(): Promise<void> }>) =>
  fc.asyncProperty(fc.array(editing, { maxLength: 12 }), async (edits) => {
    const host = hostsCode()
    const { edit, close } = await open(host.hook)
    let [last, version] = ['first', 1]
    for (const { text, verdict } of edits) {
      host.say(verdict)
      const outcome = await edit(text).catch(() => undefined)
      const isNew = text !== last && (verdict === 'keeps' || verdict === 'masks')
      if (isNew) [last, version] = [text, version + 1]
      expect(outcome?.message.version).toBe(text === last ? version : undefined)
    }
    await close()
  })

describe('a host that changes and refuses edits', () => {
  it('leaves repeated ones what they are', async () => {
    await expect(fc.assert(repeatedEditsChangeNothing(edited), { numRuns: 100 })).resolves.toBeUndefined()
  })

  it.each(editSaboteurs)('would be noticed where a chat %s', async (_, open) => {
    expect(await fc.check(repeatedEditsChangeNothing(open), { numRuns: 200 })).toMatchObject({ failed: true })
  })
})
