import { expect, it } from 'vitest'
import type { AccountPorts } from '../application/ports/ports.ts'
import { happened, nothing } from '../domain/decision.ts'
import type { Deed } from '../domain/deed.ts'
import { expire } from '../domain/expiring.ts'
import type { Factor } from '../domain/factor.ts'
import type { ChatId, KeyId, UserId } from '../domain/ids.ts'
import { countOne, withoutOne } from '../domain/tally.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { AccountsHarness } from './store-harness.ts'

type Stage = Scene & AccountPorts

const MINUTE = 60_000

/** What the ports for accounts promise. */
export const accountsContract = (name: string, openStore: () => Promise<AccountsHarness>): void =>
  rulesOf(`${name}: accounts`, openStore, (scene) => {
    const staged = () => scene() as Stage
    codes(staged)
    mails(staged)
    networks(staged)
    tallies(staged)
    factors(staged)
    audit(staged)
  })

function codes(scene: () => Stage): void {
  const codeOf = (subject: string, mac: string, expiresAt: number) => ({
    subject,
    kind: 'verify-email' as const,
    userId: subject as UserId,
    mac,
    target: 'ann@example.com',
    expiresAt,
  })

  it('give a code to as many tries as there are, however many try at once, and nothing afterwards', async () => {
    const { codes, newId, tick } = scene()
    const now = tick()
    const code = codeOf(newId(), 'mac', now + MINUTE)
    await codes.put(code)
    const attempts = await Promise.all(Array.from({ length: 12 }, () => codes.attempt(code, { now, tries: 5 })))
    expect(attempts.filter(Boolean)).toEqual(Array.from({ length: 5 }, () => code))
    expect(await codes.attempt(code, { now, tries: 5 })).toBeUndefined()
    await codes.put({ ...code, mac: 'another' })
    expect(await codes.attempt(code, { now, tries: 5 })).toEqual({ ...code, mac: 'another' })
  })

  it('are taken once, by their digest, and not after they expired', async () => {
    const { codes, newId, tick } = scene()
    const now = tick()
    const code = codeOf(newId(), 'mac', now + MINUTE)
    await codes.put(code)
    expect(await codes.take({ ...code, mac: 'other' }, now)).toBeUndefined()
    expect(await codes.take(code, now + MINUTE)).toBeUndefined()
    expect(await codes.attempt(code, { now: now + MINUTE, tries: 5 })).toBeUndefined()
    const taken = await Promise.all(Array.from({ length: 8 }, () => codes.take(code, now)))
    expect(taken.filter(Boolean)).toEqual([code])
  })

  it('are forgotten once they expired', async () => {
    const { codes, newId, tick } = scene()
    const now = tick()
    const [old, fresh] = [codeOf(newId(), 'mac', 5), codeOf(newId(), 'mac', now + MINUTE)]
    await codes.put(old)
    await codes.put(fresh)
    expect(await codes.forget(10)).toBeGreaterThanOrEqual(1)
    expect(await codes.take(old, 1)).toBeUndefined()
    expect(await codes.take(fresh, now)).toEqual(fresh)
  })
}

function mails(scene: () => Stage): void {
  it('are taken by one caller at a time, again only when their time has come, and gone when they are done', async () => {
    const { mails, newId } = scene()
    const mail = { id: newId(), kind: 'sign-in' as const, userId: undefined, address: 'ann', facts: { device: 'Laptop' }, createdAt: 1_000 }
    await mails.add(mail)
    const taken = (await Promise.all(Array.from({ length: 8 }, () => mails.take(1_000, 2_000, 10)))).flat()
    expect(taken.filter(({ id }) => id === mail.id)).toEqual([{ ...mail, attempts: 1 }])
    expect(await mails.take(1_999, 3_000, 10)).toEqual([])
    await mails.postpone(mail.id, 2_500)
    expect(await mails.take(2_499, 3_000, 10)).toEqual([])
    expect(await mails.take(2_500, 3_000, 10)).toEqual([{ ...mail, attempts: 2 }])
    expect(await mails.waiting()).toBe(1)
    await mails.done(mail.id)
    expect(await mails.waiting()).toBe(0)
    expect(await mails.take(9_000, 10_000, 10)).toEqual([])
  })
}

function networks(scene: () => Stage): void {
  it('are a user’s first, new, or known, and known for as long as somebody asks about', async () => {
    const { networks, person, tick } = scene()
    const [ann, bob] = [await person(), await person()]
    const at = tick()
    expect(await networks.note(ann, '192.0.2.0/24', at)).toBe('first')
    expect(await networks.note(ann, '192.0.2.0/24', at)).toBe('known')
    expect(await networks.note(ann, '198.51.100.0/24', at)).toBe('new')
    expect(await networks.note(bob, '192.0.2.0/24', at)).toBe('first')
    expect(await networks.isKnown(ann, '192.0.2.0/24', at)).toBe(true)
    expect(await networks.isKnown(ann, '192.0.2.0/24', at + 1)).toBe(false)
    expect(await networks.isKnown(bob, '198.51.100.0/24', at)).toBe(false)
    await networks.note(ann, '192.0.2.0/24', at + 5)
    expect(await networks.isKnown(ann, '192.0.2.0/24', at + 5)).toBe(true)
  })
}

function tallies(scene: () => Stage): void {
  const rule = { times: 10, within: MINUTE, closedFor: () => MINUTE }

  it('admit as many as the rule says, however many are counted at once', async () => {
    const { tallies, newId } = scene()
    const key = newId()
    const counted = await Promise.all(Array.from({ length: 40 }, () => tallies.change(key, (tally) => countOne(tally, rule, 1_000))))
    expect(counted.filter((closedFor) => closedFor === undefined)).toHaveLength(10)
    await tallies.change(key, (tally) => ({ tally: withoutOne(tally!), result: undefined }))
    const again = await Promise.all(Array.from({ length: 4 }, () => tallies.change(key, (tally) => countOne(tally, rule, 1_000))))
    expect(again.filter((closedFor) => closedFor === undefined)).toHaveLength(1)
  })

  it('are forgotten when their time is over', async () => {
    const { tallies, newId } = scene()
    const key = newId()
    await tallies.change(key, () => ({ tally: { count: 3, until: 5, closedUntil: 0 }, result: undefined }))
    expect(await tallies.forget(5)).toBeGreaterThanOrEqual(1)
    expect(await tallies.change(key, (tally) => ({ result: tally }))).toBeUndefined()
  })
}

function factors(scene: () => Stage): void {
  const factorOf = ({ newId, tick }: Stage, userId: UserId, given: Partial<Factor> = {}): Factor => ({
    id: newId(),
    userId,
    kind: 'totp',
    name: 'Phone',
    secret: 'sealed',
    credentialId: undefined,
    counter: 0,
    createdAt: tick(),
    confirmedAt: undefined,
    lastUsedAt: undefined,
    ...given,
  })

  it('are kept as they were added, oldest first, for their user alone', async () => {
    const stage = scene()
    const [ann, bob] = [await stage.person(), await stage.person()]
    const [first, second] = [factorOf(stage, ann), factorOf(stage, ann, { kind: 'passkey', credentialId: stage.newId() })]
    expect(await stage.factors.add(second)).toBe(true)
    expect(await stage.factors.add(first)).toBe(true)
    expect(await stage.factors.add(factorOf(stage, bob, { credentialId: second.credentialId }))).toBe(false)
    expect(await stage.factors.list(ann)).toEqual([first, second])
    expect(await stage.factors.list(bob)).toEqual([])
    expect(await stage.factors.withCredential(second.credentialId!)).toEqual(second)
    await stage.factors.confirm(bob, first.id, 7)
    await stage.factors.confirm(ann, second.id, 7)
    await stage.factors.reseal(first.id, 'sealed again')
    expect(await stage.factors.list(ann)).toEqual([
      { ...first, secret: 'sealed again' },
      { ...second, confirmedAt: 7 },
    ])
  })

  it('are found whose secrets are not sealed with the present secret, page by page', async () => {
    const stage = scene()
    const ann = await stage.person()
    const mark = `${stage.newId()}.`
    const made = [factorOf(stage, ann, { secret: `${mark}sealed` }), factorOf(stage, ann, { secret: '%_.sealed' }), factorOf(stage, ann)]
    const others = [factorOf(stage, ann, { kind: 'recovery' }), factorOf(stage, ann, { kind: 'passkey', credentialId: stage.newId() })]
    for (const factor of [...made, ...others]) await stage.factors.add(factor)
    const found: Factor[] = []
    for (let after: string | undefined, more = true; more; ) {
      const page = await stage.factors.sealedOtherwise(mark, { after, limit: 2 })
      found.push(...page)
      after = page.at(-1)?.id
      more = page.length === 2
    }
    const byId = (a: Factor, b: Factor) => (a.id < b.id ? -1 : 1)
    expect(found.filter(({ userId }) => userId === ann)).toEqual(made.slice(1).sort(byId))
    expect(await stage.factors.sealedOtherwise('', { after: undefined, limit: 2 })).toEqual([])
  })

  it('are used once for each counter, however many use it at once, and always while the counter stays 0', async () => {
    const stage = scene()
    const factor = factorOf(stage, await stage.person())
    await stage.factors.add(factor)
    const used = await Promise.all(Array.from({ length: 8 }, () => stage.factors.use(factor.id, 5, 9)))
    expect(used.filter(Boolean)).toHaveLength(1)
    expect(await stage.factors.use(factor.id, 5, 9)).toBe(false)
    expect(await stage.factors.use(factor.id, 4, 9)).toBe(false)
    expect(await stage.factors.use(factor.id, 6, 9)).toBe(true)
    const still = factorOf(stage, factor.userId)
    await stage.factors.add(still)
    expect([await stage.factors.use(still.id, 0, 9), await stage.factors.use(still.id, 0, 9)]).toEqual([true, true])
  })

  it('are removed by one caller', async () => {
    const stage = scene()
    const factor = factorOf(stage, await stage.person(), { kind: 'recovery' })
    await stage.factors.add(factor)
    expect(await stage.factors.remove(await stage.person(), [factor.id])).toBe(0)
    const removed = await Promise.all(Array.from({ length: 8 }, () => stage.factors.remove(factor.userId, [factor.id])))
    expect(removed.filter((count) => count === 1)).toHaveLength(1)
  })
}

function audit(scene: () => Stage): void {
  const deedOf = ({ newId, tick }: Stage, given: Partial<Deed>): Deed => ({
    id: newId(),
    at: tick(),
    name: 'user.disabled',
    actorId: undefined,
    keyId: undefined,
    userId: undefined,
    chatId: undefined,
    facts: {},
    ...given,
  })

  it('lists deeds newest first, page by page, of all or of one user or chat', async () => {
    const stage = scene()
    const [ann, chat] = [await stage.person(), stage.newId() as ChatId]
    const deeds = [
      deedOf(stage, { userId: ann, facts: { why: 'spam', times: 3 } }),
      deedOf(stage, { userId: ann, chatId: chat, actorId: ann, keyId: stage.newId(), name: 'chat.deleted' }),
      deedOf(stage, { chatId: chat }),
    ]
    for (const deed of deeds) await stage.audit.add(deed)
    const [one, two, three] = deeds as [Deed, Deed, Deed]
    expect((await stage.audit.list({ userId: ann }, { limit: 10 })).items).toEqual([two, one])
    const first = await stage.audit.list({ chatId: chat }, { limit: 1, count: true })
    expect(first).toMatchObject({ items: [three], next: { id: three.id }, total: 2 })
    expect((await stage.audit.list({ chatId: chat }, { limit: 1, from: first.next })).items).toEqual([two])
    expect((await stage.audit.list({ userId: ann, chatId: chat }, { limit: 10, count: true })).items).toEqual([two])
    expect((await stage.audit.list({}, { limit: 3 })).items).toHaveLength(3)
  })

  it('has a deed once, however many add it at once', async () => {
    const stage = scene()
    const deed = deedOf(stage, { userId: await stage.person(), name: 'user.acted-as', keyId: stage.newId() })
    await Promise.all(Array.from({ length: 8 }, () => stage.audit.add(deed)))
    await stage.audit.add({ ...deed, at: stage.tick() })
    expect((await stage.audit.list({ userId: deed.userId }, { limit: 10 })).items).toEqual([deed])
  })

  it('tells of a text that is too old once, however many processes delete it', async () => {
    const { person, group, send, log, newId, tick, audit } = scene()
    const ann = await person()
    const chat = await group(ann)
    const messageIds = [(await send(chat, ann)).id]
    const at = tick()
    const attempt = () =>
      log.change({ chat, messages: messageIds }, (state) => expire(state, { messageIds, keepMs: 1, deed: { id: newId() }, at }))
    expect((await Promise.all([attempt(), attempt()])).toSorted()).toEqual([0, 1])
    expect(await attempt()).toBe(0)
    expect((await audit.list({ chatId: chat }, { limit: 10 })).items).toMatchObject([{ name: 'texts.expired', facts: { messages: 1 } }])
  })

  it('has the deeds of making and revoking a key, and none for what changed nothing', async () => {
    const stage = scene()
    const { keys, newId, tick } = stage
    const id = newId() as KeyId
    const about = { facts: { key_id: id } }
    const [made, revoked, again] = [{ name: 'key.made' }, { name: 'key.revoked' }, { name: 'key.revoked' }].map(({ name }) =>
      deedOf(stage, { ...about, name: name as Deed['name'] }),
    ) as [Deed, Deed, Deed]
    const key = { id, hash: newId(), name: 'Key', scopes: ['read' as const], botId: undefined, createdAt: tick() }
    await keys.add({ ...key, expiresAt: undefined, revokedAt: undefined }, made)
    await keys.revoke(id, revoked.at, revoked)
    await keys.revoke(id, again.at, again)
    const { items } = await stage.audit.list({}, { limit: 1_000 })
    expect(items.filter(({ facts }) => facts?.key_id === id)).toEqual([revoked, made])
  })

  it('has the deed of a decision with its events, and none of a decision without events or that was refused', async () => {
    const stage = scene()
    const [ann, bob] = [await stage.person(), await stage.person()]
    const chatId = await stage.group(ann, bob)
    const deed = () => deedOf(stage, { chatId })
    const [kept, lost, refused, last] = [deed(), deed(), deed(), deed()]
    const renamed = (name: string, told: Deed) =>
      stage.log.change({ chat: chatId }, ({ chat }) => ({
        ...happened(chat!, told.at, [{ type: 'chat.renamed', actorId: ann, name }], undefined),
        deed: told,
      }))
    const refusing = stage.log.change({ chat: chatId }, () => {
      throw Object.assign(new Error('refused'), { deed: refused })
    })
    await Promise.allSettled([
      renamed('A', kept),
      stage.log.change({ chat: chatId }, () => ({ ...nothing(undefined), deed: lost })),
      refusing,
    ])
    await stage.log.change({ chat: chatId }, ({ chat }) => ({
      ...happened(chat!, last.at, [{ type: 'chat.deleted', actorId: ann }], undefined),
      deed: last,
    }))
    expect((await stage.audit.list({ chatId }, { limit: 10 })).items).toEqual([last, kept])
  })
}
