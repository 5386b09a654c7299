import { describe, expect, it } from 'vitest'
import type { Tallies } from '../../../src/application/ports/tallies.ts'
import { databases, freshDatabase } from '../../support/databases.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { tempFolder } from '../../support/places.ts'
import { startSmtp } from '../../support/smtp.ts'
import { handClock } from '../../support/waiting.ts'

const HOUR = 3_600_000
const READERS = 5
const CODE = /Your code is (\d{6})/
const ADDRESS = /^List-Unsubscribe:\s+<https:\/\/chat\.example\.com(\/api\/v1\/mail\/unsubscribe\/[\w-]+\/[\w-]+)>/m

/** A process that asks nobody when a user was told last. */
const alone: Tallies = { change: async (_key, turn) => turn(undefined).result, forget: async () => 0 }

interface Stage {
  readonly processes: readonly [HttpServed, HttpServed]
  /** As many have missed a message as there are readers: lets both processes look, and returns how many digests arrived at each address. */
  look(): Promise<number[]>
  /** Follows the address in the digest of the first reader, at this process, and returns the setting afterwards. */
  unsubscribe(process: HttpServed): Promise<boolean | undefined>
}

async function onTwo(kind: (typeof databases)[number], tallies: Tallies | undefined, use: (stage: Stage) => Promise<void>): Promise<void> {
  await using smtp = await startSmtp()
  await using folder = await tempFolder()
  const own = kind === 'postgres' ? await freshDatabase() : undefined
  const databaseUrl = own?.url ?? `sqlite:${folder.path}/chat.db`
  const clock = handClock(Date.now())
  const config = {
    databaseUrl,
    accessTtl: 1_000 * HOUR,
    mailUrl: smtp.url,
    mailFrom: 'c@example.com',
    publicUrl: 'https://chat.example.com',
  }
  const serve = () => serveHttp({}, config, { clock: clock.now, ...(tallies && { tallies }) })
  const processes = [await serve(), await serve()] as const
  const [first, second] = processes
  const writer = await first.register('Bob')
  const emails = Array.from({ length: READERS }, (_, i) => `reader${i}@example.com`)
  const readers = await Promise.all(
    emails.map(async (email) => {
      const reader = await second.register('Ann', { email })
      await reader.call('post', '/auth/email/verify', { code: (await smtp.mail(email, CODE))[1] })
      await reader.call('patch', '/users/me', { notices: { digest: true } })
      return reader
    }),
  )
  const chats = await Promise.all(
    readers.map(({ id }) => writer.call<{ id: string }>('post', '/chats', { kind: 'private', user_id: id }).then(({ body }) => body.id)),
  )
  const digestsTo = (email: string) => smtp.mails.filter(({ to, text }) => to.includes(email) && ADDRESS.test(text))
  let rounds = 0
  try {
    await use({
      processes,
      async look() {
        rounds++
        const before = emails.map((email) => digestsTo(email).length)
        for (const chat of chats) await writer.call('post', `/chats/${chat}/messages`, { client_message_id: `m ${rounds}`, text: 'tea' })
        clock.advance(25 * HOUR)
        await Promise.all(processes.map(({ app }) => app.sendDigests()))
        for (const { app } of processes) await app.deliverMails()
        return emails.map((email, i) => digestsTo(email).length - before[i]!)
      },
      async unsubscribe(process) {
        const [, path] = ADDRESS.exec(digestsTo(emails[0]!).at(-1)!.text)!
        const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
        expect((await fetch(process.url + path!, { method: 'POST', body })).status).toBe(200)
        return (await readers[0]!.call<{ notices: { digest?: boolean } }>('get', '/users/me')).body.notices.digest
      },
    })
  } finally {
    for (const process of processes) await process.close()
    await own?.drop()
  }
}

describe.each(databases.filter((kind) => kind !== 'memory'))('two processes on %s', { timeout: 60_000 }, (kind) => {
  it('send one digest together, once a day, and none after one step in either of them', () =>
    onTwo(kind, undefined, async ({ processes: [, second], look, unsubscribe }) => {
      const once = Array.from({ length: READERS }, () => 1)
      expect(await look()).toEqual(once)
      expect(await look()).toEqual(once)
      expect(await unsubscribe(second)).toBe(false)
      expect(await look()).toEqual([0, ...once.slice(1)])
    }))

  it('would be noticed if each sent its own', () =>
    onTwo(kind, alone, async ({ look }) => {
      expect(Math.max(...(await look()))).toBe(2)
    }))
})
