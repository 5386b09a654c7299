/** Writes collections of Rocket.Chat, exported by `mongoexport`, as a history: `node rocket-chat.ts FOLDER > history.jsonl`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.'] = process.argv.slice(2)
const read = (name: string) =>
  readFileSync(join(folder, `${name}.json`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const write = (line: object) => console.log(JSON.stringify(line))
const id = (what: string) => `rocket-chat:${what}`
const time = ({ $date }: { $date: string }) => Date.parse($date)

for (const { _id, name, username } of read('users')) if (username) write({ user: id(_id), name: name || username })
const messages = read('rocketchat_message').filter((message) => message.t === undefined)
for (const { _id, t, name, fname, u, ts } of read('rocketchat_room')) {
  if (t !== 'c' && t !== 'p') continue
  write({ chat: id(_id), name: fname || name, owner: id(u._id), members: [], at: time(ts) })
  const here = messages.filter((message) => message.rid === _id).sort((a, b) => time(a.ts) - time(b.ts))
  for (const { _id: message, msg, u: author, ts: at, tmid } of here)
    write({
      message: id(message),
      chat: id(_id),
      author: id(author._id),
      at: time(at),
      text: msg ?? '',
      ...(tmid && { reply_to: id(tmid) }),
    })
}
