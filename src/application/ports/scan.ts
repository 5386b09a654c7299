import type { Received } from './intake.ts'

/** Looks for malware in what was received. Refuses with `overloaded` if the scanner cannot be reached. */
export type Scan = (received: Received) => Promise<'clean' | 'refused'>
