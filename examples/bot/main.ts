/** A bot that repeats what it is told. It follows the log from where it stopped, and its answers have a key of their own each. */
import { embed } from 'windi-chat'
import { memory } from 'windi-chat/memory'

const chat = embed(memory())
const [bot, anna] = await chat.people.upsert([
  { externalId: 'echo', name: 'Echo', kind: 'bot' },
  { externalId: 'anna', name: 'Anna' },
])

chat.follow('echo', { from: 'start', types: ['message.sent'] }, async (events) => {
  for (const event of events) {
    if (event.type !== 'message.sent' || event.actorId === bot!.userId) continue
    const { chatId, message } = event
    await chat.as(bot!.userId).sendMessage({ chatId, clientMessageId: `echo-${message.id}`, text: `You said: ${message.text}` })
  }
})

const { view } = await chat.as(anna!.userId).sendMessageToUser({ userId: bot!.userId, clientMessageId: '1', text: 'Hello' })
for (;;) {
  const { chatId } = view.message
  const { items } = await chat.as(anna!.userId).listMessages({ chatId, window: { kind: 'newest' }, limit: 2 })
  if (items.length === 2) {
    console.log(items[1]!.message.text)
    break
  }
  await new Promise((resolve) => setTimeout(resolve, 20))
}
await chat.close()
