import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { database } from '../../src/adapters/mikro-orm/ports.ts'
import { embed } from '../../src/main/embed.ts'
import { databases } from '../support/databases.ts'
import { hostPostgres, hostSqlite } from '../support/host-tables.ts'
import { eventually } from '../support/waiting.ts'

const program = fileURLToPath(new URL('../support/follow-child.ts', import.meta.url))
const KILLS = 3

describe.each(databases.filter((kind) => kind !== 'memory'))('a program on %s that follows with its own transaction', (kind) => {
  it('counts every message exactly once, however often it is killed', { timeout: 180_000, retry: 0 }, async () => {
    const host = kind === 'sqlite' ? await hostSqlite() : await hostPostgres()
    const where = 'file' in host ? host.file : host.url
    await host.run('create table counted (chat text, seq int)')
    const chat = embed(await database(host.database))
    const [anna, boris] = [await chat.addPerson({ name: 'Anna' }), await chat.addPerson({ name: 'Boris' })]
    const chats = await Promise.all([1, 2, 3].map((i) => chat.api.createGroup(anna, { name: `${i}`, memberIds: [boris.userId] })))

    let [kills, sent] = [0, 0]
    // Whenever a program comes up, there is something to count.
    const sending = (async () => {
      for (; kills < KILLS; sent++) {
        const chatId = chats[sent % chats.length]!.view.chat.id
        await chat.as(anna.userId).sendMessage({ chatId, clientMessageId: `m ${sent}`, text: `${sent}` })
        await pause(40)
      }
    })()

    const tables = kind === 'sqlite' ? 'windi_leases' : 'windi_chat.leases'
    const start = () => fork(program, [where], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    let child: ChildProcess
    while (kills < KILLS) {
      child = start()
      const ended = once(child, 'exit')
      const hasBegun = await Promise.race([once(child, 'message').then(() => true), ended.then(() => false)])
      await pause(5 * kills)
      child.kill('SIGKILL')
      await ended
      if (hasBegun) kills++
      // The next one need not wait until the lease of one that is dead is over.
      await eventually(() => host.run(`update ${tables} set until = 0`))
    }
    await sending
    child = start()
    const counted = 'select count(*) as n, count(distinct chat || seq) as d from counted'
    const look = async () => {
      const [row] = (await host.run(counted)) as [{ n: unknown; d: unknown }]
      return [Number(row.n), Number(row.d)]
    }
    // A busy machine takes its time to start a program. Then there is nothing to wait for: no attempt has failed.
    await eventually(async () => expect((await look())[1]).toBe(sent), { timeoutMs: 90_000 })
    const failed = `select count(*) as n from ${tables.replace('leases', 'cursors')} where attempts > 0 or error is not null`
    expect(Number(((await host.run(failed)) as [{ n: unknown }])[0].n)).toBe(0)
    expect(await look()).toEqual([sent, sent])
    child.kill('SIGKILL')
    await once(child, 'exit')
    await chat.close()
    await host.close()
  })
})
