import { OPEN, type Privacy } from '../../../domain/consent.ts'

/** Reads the column `privacy` of a user. */
export const privacyOf = (text: unknown): Privacy => (typeof text === 'string' ? { ...OPEN, ...(JSON.parse(text) as Privacy) } : OPEN)
