import type { Row } from '../../src/client/index.ts'

/** What is written now: an answer, or a change; otherwise something new. */
export type Mode = { readonly kind: 'reply' | 'edit'; readonly row: Row }
