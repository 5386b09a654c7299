import type { z } from 'zod'
import type { Rules } from '../../../domain/rules.ts'
import type { Rules as RulesSchema } from '../schemas/chats.ts'

export const presentRules = ({ post, add, invite, slowS, keepS }: Rules): z.infer<typeof RulesSchema> => ({
  post,
  add,
  invite,
  slow_s: slowS,
  keep_s: keepS,
})
