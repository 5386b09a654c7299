import type { Content } from './content.ts'

/**
 * The kinds of messages of your application, with their data. Add yours by interface merging; then `send` checks `kind` and `data`, and
 * `isKind` narrows a message.
 *
 * @example
 * declare module 'windi-chat/client' {
 *   interface MessageKinds {
 *     poll: { question: string; options: string[] }
 *   }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-interface
export interface MessageKinds {}

/** A kind with its data: those of `MessageKinds`, or any if there are none. */
export type CustomContent = keyof MessageKinds extends never
  ? { readonly kind?: string | undefined; readonly data?: Content['data'] }
  :
      | { readonly kind?: undefined; readonly data?: Content['data'] }
      | { [K in keyof MessageKinds]: { readonly kind: K; readonly data: MessageKinds[K] } }[keyof MessageKinds]
