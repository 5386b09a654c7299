import type { Route } from '../../adapters/wire/routes/route.ts'
import type { routes } from '../../adapters/wire/routes.ts'
import type { Signal } from '../platform/globals.ts'

export interface Request {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly signal?: Signal | undefined
}

/** A call of the core by its name; others bring their route, so that the core need not know it. */
export type Call = <T>(operation: keyof typeof routes | Route, request?: Request) => Promise<T>
