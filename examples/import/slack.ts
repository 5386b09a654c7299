/** Writes an unpacked Slack export as a history: `node slack.ts FOLDER > history.jsonl`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.'] = process.argv.slice(2)
const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))
const write = (line: object) => console.log(JSON.stringify(line))
const id = (what: string) => `slack:${what}`
const time = (ts: string) => Math.round(Number(ts) * 1_000)

for (const { id: user, name, real_name, profile } of read('users.json'))
  write({ user: id(user), name: profile?.display_name || real_name || name })
for (const { id: channel, name, creator, members, created } of read('channels.json')) {
  write({ chat: id(channel), name, owner: id(creator), members: members.map(id), at: created * 1_000 })
  for (const day of readdirSync(join(folder, name)).sort())
    for (const { type, user, text, ts, thread_ts } of read(name, day)) {
      if (type !== 'message' || !user) continue
      const reply = thread_ts && thread_ts !== ts ? { reply_to: id(`${channel}:${thread_ts}`) } : {}
      const plain = text
        .replace(/<(https?:[^|>]+)(?:\|[^>]*)?>/g, '$1')
        .replace(/&(lt|gt|amp);/g, (_: string, one: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[one])
      write({ message: id(`${channel}:${ts}`), chat: id(channel), author: id(user), at: time(ts), text: plain, ...reply })
    }
}
