import { expect, it } from 'vitest'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { PUSH_CONSUMERS, pushing } from '../../../src/application/notices/pushing.ts'
import type { Consumer } from '../../../src/application/ports/consumers.ts'
import type { NewContent } from '../../../src/domain/content.ts'
import type { EventOf } from '../../../src/domain/event.ts'
import { asId } from '../../../src/domain/ids.ts'
import type { Attachment } from '../../../src/domain/message.ts'
import { processes } from './unpolled.ts'

/** What Anna's device shows of a message of Boris, in a group or in their private chat. */
async function pushed(content: NewContent & { readonly text: string }, isGroup: boolean, files: readonly string[] = []) {
  const at = processes()
  const [anna, boris] = [await at.person('Anna'), await at.person('Boris')]
  const chatId = isGroup ? await at.group(boris, [anna]) : (await at.app.api.openPrivateChat(boris, { userId: anna.userId })).view.chat.id
  const ports = memoryPorts(at.store, () => {})
  const bodies: unknown[] = []
  const push = {
    key: '',
    fault: () => undefined,
    isQuiet: () => true,
    async send(_device: unknown, payload: object) {
      bodies.push('body' in payload ? payload.body : undefined)
      return 'sent' as const
    },
  }
  const device = { id: 'phone', kind: 'web', endpoint: 'https://push', keys: { p256dh: '', auth: '' }, content: 'full' } as const
  await ports.notices.keepDevice({ ...device, level: undefined, userId: anna.userId, sessionId: anna.sessionId }, at.clock.now())
  const key = { chatId, clientMessageId: asId<never>('key') }
  const { view } = await at.app.api.sendMessage(boris, { ...key, ...content })
  const { seq } = view.message
  const events = (await ports.log.read(chatId, seq - 1, 1)).map((event) =>
    event.type === 'message.sent' ? withFiles(event, files) : event,
  )
  const range = { epoch: '', chatId, from: seq, to: seq, events, consumer: PUSH_CONSUMERS[0] as Consumer }
  await pushing({ ...ports, push, clock: at.clock.now }).sink.deliver(range, undefined)
  return bodies
}

/** The same with files instead of a text, if there are any. */
function withFiles(event: EventOf<'message.sent'>, names: readonly string[]): EventOf<'message.sent'> {
  if (names.length === 0) return event
  const attachments = names.map((name) => ({ file: { name } }) as Attachment)
  return { ...event, message: { ...event.message, text: '', content: { ...event.message.content, attachments } } }
}

const format = 'markdown'

it.each<[string, NewContent & { readonly text: string }, string]>([
  ['its marks', { text: '**Tea** at [the lake](https://example.com)?', format }, 'Tea at the lake?'],
  ['what a spoiler hides', { text: 'It was ||the butler||.', format }, 'It was ▒▒▒.'],
  ['what a long spoiler hides', { text: `It was ||${'the butler '.repeat(200)}||.`, format }, 'It was ▒▒▒…'],
])('a push says a text without %s', async (_, content, shown) => {
  expect(await pushed(content, false)).toEqual([shown])
  expect(await pushed(content, true)).toEqual([`Boris: ${shown}`])
})

it('a push says a text that is no Markdown as it was typed', async () => {
  expect(await pushed({ text: '2 ** 3 ||' }, false)).toEqual(['2 ** 3 ||'])
})

it('a push of files alone says their names, which are no Markdown', async () => {
  const files = ['the *old* plan.pdf', 'lake.png']
  expect(await pushed({ text: 'none' }, false, files)).toEqual(['the *old* plan.pdf, lake.png'])
  expect(await pushed({ text: 'none', format }, true, files)).toEqual(['Boris: the *old* plan.pdf, lake.png'])
})

it('a push has at most 500 characters, with the name', async () => {
  const [[alone], [named]] = await Promise.all([pushed({ text: 'x'.repeat(600) }, false), pushed({ text: 'x'.repeat(600) }, true)])
  expect([alone, named]).toEqual([`${'x'.repeat(499)}…`, `Boris: ${'x'.repeat(492)}…`])
})
