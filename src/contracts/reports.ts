import { expect, it } from 'vitest'
import type { ReportPosition } from '../application/ports/reports.ts'
import type { ChatId, MessageId, UserId } from '../domain/ids.ts'
import type { Report } from '../domain/report.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** What `Reports` promises. */
export const reportsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: reports`, openStore, (scene) => {
    const reportIn = ({ newId, tick }: Scene, reporterId: UserId, more: Partial<Report> = {}): Report => ({
      id: newId(),
      chatId: newId() as ChatId,
      messageId: newId() as MessageId,
      authorId: newId() as UserId,
      reporterId,
      reason: 'abuse',
      comment: 'again',
      text: 'you fool',
      sentAt: tick(),
      at: tick(),
      resolved: undefined,
      ...more,
    })
    const deedOf = ({ newId, tick }: Scene, { chatId, authorId }: Report) =>
      ({ id: newId(), at: tick(), name: 'report.resolved', actorId: authorId, userId: authorId, chatId }) as const

    it('keeps one report of each person for a message: the first', async () => {
      const stage = scene()
      const { person, reports } = stage
      const [ann, bob] = [await person(), await person()]
      const first = reportIn(stage, ann)
      expect(await reports.add(first)).toEqual(first)
      expect(await reports.add(reportIn(stage, ann, { messageId: first.messageId, reason: 'spam' }))).toEqual(first)
      const other = reportIn(stage, bob, { messageId: first.messageId })
      expect(await reports.add(other)).toEqual(other)
      expect(await reports.get(first.id)).toEqual(first)
      for (const id of [stage.newId(), 'nothing']) expect(await reports.get(id)).toBeUndefined()
    })

    it('lists reports, newest first, page by page, by what became of them', async () => {
      const stage = scene()
      const { person, reports } = stage
      const ann = await person()
      const all = Array.from({ length: 5 }, () => reportIn(stage, ann))
      for (const report of all) await reports.add(report)
      const verdict = { action: 'none' as const, at: stage.tick(), by: ann }
      await reports.resolve(all[2]!.id, verdict, deedOf(stage, all[2]!))
      const list = async (state: 'open' | 'resolved' | undefined, limit: number) => {
        const found = await allPages<Report, ReportPosition>((from) => reports.list({ state }, { from, limit }))
        return found.map(({ id }) => all.findIndex((one) => one.id === id)).filter((i) => i >= 0)
      }
      for (const limit of [1, 2, 50]) {
        expect(await list(undefined, limit)).toEqual([4, 3, 2, 1, 0])
        expect(await list('open', limit)).toEqual([4, 3, 1, 0])
        expect(await list('resolved', limit)).toEqual([2])
      }
    })

    it('keeps the first verdict, with its row of the audit, and forgets the report after its time', async () => {
      const stage = scene()
      const { person, reports, tick } = stage
      const ann = await person()
      const [report, open] = [reportIn(stage, ann), reportIn(stage, ann)]
      for (const one of [report, open]) await reports.add(one)
      const verdict = { action: 'delete' as const, at: tick(), by: ann }
      expect(await reports.resolve(report.id, verdict, deedOf(stage, report))).toBe(true)
      expect(await reports.resolve(report.id, { ...verdict, action: 'ban' }, deedOf(stage, report))).toBe(false)
      expect((await reports.get(report.id))!.resolved).toEqual(verdict)
      await reports.forget(verdict.at)
      expect(await reports.get(report.id)).toBeDefined()
      expect(await reports.forget(verdict.at + 1)).toBeGreaterThan(0)
      expect([await reports.get(report.id), await reports.get(open.id)]).toEqual([undefined, open])
    })

    it('forgets what an erased person said of a message, and keeps the copy of it', async () => {
      const stage = scene()
      const { person, reports, people, tick } = stage
      const ann = await person()
      const report = reportIn(stage, ann)
      await reports.add(report)
      await people.erase(ann, tick())
      expect(await reports.get(report.id)).toEqual({ ...report, comment: undefined })
    })
  })
