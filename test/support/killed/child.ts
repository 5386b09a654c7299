import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '../../../src/adapters/mikro-orm/database/connect.ts'
import { queryOn } from '../../../src/adapters/mikro-orm/database/query.ts'
import { isRefusal } from '../../../src/domain/refusal.ts'
import { openApplication } from '../../../src/main/container.ts'
import { silent } from '../../../src/main/logging.ts'
import { openChat } from '../../../src/main/mount.ts'
import { eventually } from '../waiting.ts'
import { countStatements, tell, UNCOUNTED } from './standing-still.ts'
import { configOf, DAY, type Life, LONG_AGO, optionsOf, send, works } from './works.ts'

/**
 * A process of the service that is killed: at its start, it takes up what an earlier one has left; then it does a piece of work, beside which
 * another user sends. It tells each message that was acknowledged, and when the work is done. Each of its lives is a day after the one before.
 */
const life = JSON.parse(process.argv[2]!) as Life
const { from, sabotage, isToBegin, begin, chore } = works[life.work]
const isSabotaged = life.isSabotaged && life.life > 0
const { begins } = countStatements({
  from: life.life > 0 || chore ? from : undefined,
  at: life.at,
  rewritten: (text) => (isSabotaged ? text.replace(...sabotage) : text),
})

const begun = Date.now()
const options = optionsOf(life, () => LONG_AGO + (60 + 2 * life.life) * DAY + Date.now() - begun)
const chat = await openChat(options)

/** What is done in the background. A process that never takes it up is not waited for. */
async function finished(): Promise<void> {
  const database = await connect(life.url)
  const left = `select 1 from gone_chats union all select 1 from users where is_erasing union all select 1 from settings where key = 'scrub' ${UNCOUNTED}`
  const look = async () => {
    if ((await queryOn(database)(left, [])).length > 0) throw new Error('not yet')
  }
  await eventually(look, { timeoutMs: isSabotaged ? 1_000 : 30_000 })
}

let isOver = false
const sending = (async () => {
  for (let n = 0; !isOver; n++) {
    const key = `${process.pid} ${n}`
    await send(chat, life.cast.other, life.cast.side, key)
    tell(`acknowledged ${key}`)
    await pause(5)
  }
})()
const isDue = await isToBegin?.(chat.api, life.cast).then(
  () => true,
  () => false,
)
if (isDue) {
  begins()
  // Another process may have done it since it was asked whether it is to be begun.
  await begin?.(chat.api, life.cast).catch((error: unknown) => {
    if (!isRefusal(error)) throw error
  })
}
await chore?.(await openApplication({ config: configOf(options), log: silent(), ports: options.ports }))
await finished().catch(() => undefined)
isOver = true
await sending
tell('done')
