import type { Mails } from '../../../application/ports/mail.ts'
import type { AccountRecords } from './store.ts'

export const memoryMails = ({ mails }: AccountRecords): Mails => ({
  async add(mail) {
    mails.set(mail.id, { ...mail, attempts: 0, dueAt: mail.createdAt })
  },
  async take(now, until, limit) {
    const due = [...mails.values()].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt)
    return due.slice(0, limit).map((mail) => {
      mail.dueAt = until
      mail.attempts++
      const { dueAt: _, ...shown } = mail
      return shown
    })
  },
  async done(id) {
    mails.delete(id)
  },
  waiting: async () => mails.size,
  async postpone(id, dueAt) {
    const mail = mails.get(id)
    if (mail) mail.dueAt = dueAt
  },
})
