import { eventually as within } from '../support/waiting.ts'

/** Resolves as soon as `assertion` holds; a browser on a loaded machine may need long for it. */
export const eventually = <T>(assertion: () => T | Promise<T>): Promise<T> => within(assertion, { timeoutMs: 30_000, everyMs: 25 })
