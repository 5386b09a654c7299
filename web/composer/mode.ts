import type { Row } from '../../src/client/index.ts'

/** What is written, unless it is a new message: an answer to a message, or another text of one. */
export type Mode = { readonly kind: 'reply'; readonly messageId: string } | { readonly kind: 'edit'; readonly row: Row }
