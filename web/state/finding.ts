import { holder } from './holder.ts'

/** The chat that is searched through. */
export const finding = holder<string | undefined>(undefined)
export const closeFinding = (): void => finding.set(undefined)
