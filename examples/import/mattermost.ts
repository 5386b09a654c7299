/** Writes a bulk export of Mattermost as a history: `node mattermost.ts FILE.jsonl > history.jsonl`. */
import { readFileSync } from 'node:fs'

const [file = ''] = process.argv.slice(2)
const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const of = (type: string) => lines.filter((line) => line.type === type).map((line) => line[type])
const write = (line: object) => console.log(JSON.stringify(line))
const id = (what: string) => `mattermost:${what}`

for (const { username, nickname, first_name, last_name } of of('user'))
  write({ user: id(username), name: nickname || [first_name, last_name].filter(Boolean).join(' ') || username })
for (const { team, name, display_name } of of('channel')) {
  const posts = of('post')
    .filter((post) => post.team === team && post.channel === name)
    .sort((a, b) => a.create_at - b.create_at)
  const [first] = posts
  if (!first) continue
  const chat = id(`${team}/${name}`)
  write({ chat, name: display_name || name, owner: id(first.user), members: [], at: first.create_at })
  const all = posts.flatMap((post) => {
    const key = `${chat}:${post.user}:${post.create_at}`
    const replies = (post.replies ?? []).map((reply: object & { create_at: number }) => ({
      ...reply,
      key: `${key}:${reply.create_at}`,
      reply_to: key,
    }))
    return [{ ...post, key }, ...replies]
  })
  for (const { key, user, create_at, message: text, reply_to } of all.sort((a, b) => a.create_at - b.create_at))
    write({ message: key, chat, author: id(user), at: create_at, text, ...(reply_to && { reply_to }) })
}
