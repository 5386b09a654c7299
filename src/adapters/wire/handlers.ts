import type { z } from 'zod'
import type { Endpoint } from './endpoints/endpoint.ts'
import type { Endpoints } from './endpoints.ts'
import type { ClientFrames, FrameOf, ResultOf } from './frames.ts'
import type { OperationId } from './routes.ts'

type ParamsOf<E> = E extends { params: infer P extends Record<string, z.ZodType> } ? { readonly [K in keyof P]: z.output<P[K]> } : undefined
type QueryOf<E> = E extends { query: infer Q extends z.ZodType } ? z.output<Q> : undefined
type BodyOf<E> = E extends { body: infer B extends z.ZodType }
  ? z.output<B>
  : E extends { form: infer F extends z.ZodType }
    ? z.output<F>
    : undefined

/** A file as it comes in a body. */
export interface RawFile {
  /** As a form has it. */
  readonly name: string | undefined
  readonly bytes: AsyncIterable<Uint8Array>
  /** Resolves when the rest of the body has come. Refuses what is no form with one file. */
  over(): Promise<void>
}

/** A body that its call reads itself, and the headers beside it. */
export interface Raw {
  readonly bytes: AsyncIterable<Uint8Array>
  /** As announced; undefined if it was not. */
  readonly length: number | undefined
  readonly header: (name: string) => string
  /** The one file in the body. */
  file(): Promise<RawFile>
}

/** A parsed request of an endpoint. */
export interface RequestOf<Id extends OperationId> {
  readonly params: ParamsOf<Endpoints[Id]>
  readonly query: QueryOf<Endpoints[Id]>
  readonly body: BodyOf<Endpoints[Id]>
  readonly raw: Raw
}

type HeadersOf<E, S> = E extends { headers: infer H }
  ? S extends keyof H
    ? H[S] extends readonly (infer N extends string)[]
      ? N
      : never
    : never
  : never
type BodyAs<T> = T extends z.ZodType
  ? { readonly body: z.output<T> }
  : T extends 'bytes'
    ? { readonly open: () => Promise<AsyncIterable<Uint8Array> | undefined>; readonly length?: number | undefined }
    : { readonly body?: undefined }
type HeadersAs<N extends string> = [N] extends [never]
  ? { readonly headers?: undefined }
  : { readonly headers: { readonly [K in N]: string | undefined } }

type AnswersOf<E, T> = { [S in keyof T]: { readonly status: S } & BodyAs<T[S]> & HeadersAs<HeadersOf<E, S>> }[keyof T]

/** The answers of an endpoint: its declared statuses, each with its body and headers. */
export type AnswerOf<Id extends OperationId> = AnswerOfEndpoint<Endpoints[Id]>
type AnswerOfEndpoint<E extends Endpoint> = AnswersOf<E, E['success']> | (E extends { failure: infer F } ? AnswersOf<E, F> : never)

/** One function per endpoint. A missing function or an undeclared answer does not compile. */
export type Handlers<Open, Signed = Open> = {
  readonly [Id in OperationId]: (
    context: Endpoints[Id] extends { open: true } ? Open : Signed,
    request: RequestOf<Id>,
  ) => Promise<AnswerOf<Id>>
}

/** One function per client frame, which returns the `result` of its `ok`. */
export type FrameHandlers<Context> = {
  readonly [T in keyof ClientFrames]: (context: Context, frame: FrameOf<T>) => Promise<ResultOf<T>>
}
