import type { MessageKinds } from './types/kinds.ts'
import type { Message } from './types.ts'

export { plainText } from '../domain/plain-text.ts'

/** Whether a message is of one of your `MessageKinds`, with its data. */
export const isKind = <K extends keyof MessageKinds, M extends Pick<Message, 'kind' | 'data'>>(
  message: M,
  kind: K,
): message is M & { readonly kind: K; readonly data: MessageKinds[K] } => (message.kind as keyof MessageKinds) === kind

/** A schema of any library that follows Standard Schema, such as zod, valibot or arktype. */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined
  }
}
type StandardResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly object[] }

/**
 * Returns the data of a message as a schema describes it; undefined if it does not fit, since another version of your application may have
 * sent it. Throws a `TypeError` for a schema that validates asynchronously.
 *
 * @example
 * const poll = dataOf(message, z.object({ question: z.string() }))
 */
export function dataOf<Output>({ data }: Pick<Message, 'data'>, schema: StandardSchema<Output>): Output | undefined {
  const result = schema['~standard'].validate(data)
  if (result instanceof Promise) throw new TypeError('the schema validates asynchronously')
  return result.issues ? undefined : result.value
}
