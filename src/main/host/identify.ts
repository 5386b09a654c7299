import type { IncomingMessage } from 'node:http'
import type { Admission, Identified } from '../../application/identity/admit.ts'
import { keeping } from '../../application/kept.ts'
import type { Ports } from '../../application/ports/ports.ts'
import type { Duration } from '../../domain/ids.ts'

/**
 * Your own code: whom a request or an upgrade without a bearer comes from, by a cookie of your application for example. Undefined: nobody.
 * Its answer is kept for 4 s.
 */
export type Identify = (request: IncomingMessage) => Promise<Identified | undefined> | Identified | undefined

const KEPT: Duration = 4_000

interface Needs extends Pick<Ports, 'clock' | 'digest'>, Pick<Admission, 'admit'> {
  readonly identify: Identify
}
type Admitted = Awaited<ReturnType<Admission['admit']>>

export interface Identifying {
  (request: IncomingMessage): Promise<Admitted | undefined>
  /** Forgets all answers. */
  forget(): void
}

export function identifying({ identify, admit, clock, digest }: Needs): Identifying {
  const kept = keeping<Admitted>(clock, KEPT)
  const ask = async (request: IncomingMessage): Promise<Admitted | undefined> => {
    const { cookie = '', authorization = '' } = request.headers
    const name = cookie === '' && authorization === '' ? undefined : digest(`${cookie}\n${authorization}`)
    const known = name === undefined ? undefined : kept.get(name)
    if (known) return known
    const said = await identify(request)
    const admitted = said && (await admit(said))
    if (name !== undefined && admitted) kept.set(name, admitted)
    return admitted
  }
  return Object.assign(ask, { forget: kept.clear })
}
