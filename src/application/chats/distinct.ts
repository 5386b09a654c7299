import type { UserId } from '../../domain/ids.ts'

/** These users, each once. */
export const distinct = (...ids: readonly UserId[]): UserId[] => [...new Set(ids)]
