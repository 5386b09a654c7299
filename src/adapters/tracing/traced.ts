import { around } from '../../application/calls.ts'
import type { ChatApi } from '../../application/chat-api.ts'
import { isRefusal } from '../../domain/refusal.ts'
import type { Tracer } from './tracer.ts'

/** The same API with a span around every call. */
export const traced = (api: ChatApi, { span }: Pick<Tracer, 'span'>): ChatApi =>
  around(
    api,
    (run, _, name) =>
      (...args) =>
        span(name, {}, async (told) => {
          try {
            return await run(...args)
          } catch (error) {
            told.fail(isRefusal(error) ? error.code : 'defect')
            throw error
          }
        }),
  )
