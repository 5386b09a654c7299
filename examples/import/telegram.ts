/** Writes a chat that Telegram Desktop has exported as JSON as a history: `node telegram.ts result.json > history.jsonl`. */
import { readFileSync } from 'node:fs'

const [file = ''] = process.argv.slice(2)
const { id: chatId, name, messages } = JSON.parse(readFileSync(file, 'utf8'))
const write = (line: object) => console.log(JSON.stringify(line))
const chat = `telegram:${chatId}`
const id = (message: number) => `${chat}:${message}`
const sent = (messages as { type: string; from_id?: string; from?: string }[]).filter(
  ({ type, from_id }) => type === 'message' && from_id,
) as {
  id: number
  from_id: string
  from: string | null
  date_unixtime: string
  text: string | (string | { text: string })[]
  reply_to_message_id?: number
}[]

const authors = new Map(sent.map(({ from_id, from }) => [from_id, from || 'Deleted account']))
for (const [user, called] of authors) write({ user: `telegram:${user}`, name: called })
const [first] = sent
const members = [...authors.keys()].map((user) => `telegram:${user}`)
if (first) write({ chat, name: name || 'Telegram', owner: members[0], members, at: Number(first.date_unixtime) * 1_000 })
for (const { id: message, from_id, date_unixtime, text, reply_to_message_id } of sent) {
  const plain = typeof text === 'string' ? text : text.map((part) => (typeof part === 'string' ? part : part.text)).join('')
  const reply = reply_to_message_id ? { reply_to: id(reply_to_message_id) } : {}
  write({ message: id(message), chat, author: `telegram:${from_id}`, at: Number(date_unixtime) * 1_000, text: plain, ...reply })
}
