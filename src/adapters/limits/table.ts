import type { LimitKind } from '../../application/ports/limiter.ts'
import type { Duration } from '../../domain/ids.ts'

export interface Limit {
  readonly times: number
  readonly within: Duration
}

const MINUTE: Duration = 60_000

/** How often of each kind: far above what people do and clients need, far below what guessing and flooding take. */
export const limits: Readonly<Record<LimitKind, Limit>> = {
  'login-address': { times: 120, within: MINUTE },
  'recover': { times: 30, within: 10 * MINUTE },
  'register': { times: 200, within: 10 * MINUTE },
  'refresh': { times: 300, within: MINUTE },
  'upload': { times: 60, within: 10_000 },
  'send': { times: 600, within: 10_000 },
  'react': { times: 60, within: 10_000 },
  'connect': { times: 3_000, within: MINUTE },
  'work': { times: 2_000, within: 10_000 },
  'work-network': { times: 40_000, within: 10_000 },
  'create': { times: 300, within: 10 * MINUTE },
  'inlet': { times: 60, within: MINUTE },
  'frame': { times: 2_000, within: 10_000 },
}
