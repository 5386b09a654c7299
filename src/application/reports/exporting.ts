import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../caller.ts'
import type { Ports } from '../ports/ports.ts'
import { deedOf, requireStaff } from '../staff/staff.ts'
import type { ExportsApi } from './api.ts'

export const exportCalls = (needs: Ports): ExportsApi<Caller> => ({
  exportMe: async ({ userId }) => needs.exports.person(userId),
  async exportAccount(caller, userId) {
    await requireStaff(needs, caller)
    if (!(await needs.people.get(userId))) throw new Refusal('user-not-found', { userIds: [userId] })
    await needs.audit.add(deedOf(needs, caller, 'user.exported', { userId }))
    return needs.exports.person(userId)
  },
})
