/** The chat inside a program: two users, one message, and an event for each who listens. */
import { asId, embed } from 'windi-chat'
import { memory } from 'windi-chat/memory'

const chat = embed(memory())
const anna = await chat.addPerson({ name: 'Anna' })
const boris = await chat.addPerson({ name: 'Boris' })

await chat.listen(boris, (delivery) => {
  if (delivery.type === 'event' && delivery.event.type === 'message.sent') console.log(`Boris receives: ${delivery.event.message.text}`)
})
await chat.api.sendMessageToUser(anna, { userId: boris.userId, clientMessageId: asId('first'), text: 'Hello, Boris' })
await chat.close()
