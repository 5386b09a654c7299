/** Texts are checked before they are stored: one is changed, one is refused with a code of the program's own. */
import { embed, isRefusal, refuse } from 'windi-chat'
import { memory } from 'windi-chat/memory'

const chat = embed(memory(), {
  beforeSend({ text }) {
    if (/https?:/.test(text)) refuse('no-links', 'Links are not allowed here.')
    return { text: text.replaceAll('darn', '****') }
  },
})
const anna = await chat.addPerson({ name: 'Anna' })
const as = chat.as(anna.userId)
const { view } = await as.createGroup({ name: 'Room', memberIds: [] })
const chatId = view.chat.id

const sent = await as.sendMessage({ chatId, clientMessageId: '1', text: 'That darn printer' })
console.log(sent.view.message.text)
const error = await as.sendMessage({ chatId, clientMessageId: '2', text: 'See https://example.com' }).catch((thrown: unknown) => thrown)
console.log(isRefusal(error, 'refused') && error.facts.reason)
await chat.close()
