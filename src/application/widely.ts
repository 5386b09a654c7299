import { type ChatState, type Decision, isWider, type Scope, widened } from '../domain/decision.ts'
import type { Ports } from './ports/ports.ts'

/** A decision asks for one part after another, each once. */
const TRIES = 5

/** Changes a chat. A decision that has to see more than its scope names is repeated with a wider one. */
export function widely<R>({ log }: Pick<Ports, 'log'>, scope: Scope, decide: (state: ChatState) => Decision<R>, tries = TRIES): Promise<R> {
  return log.change(scope, decide).catch((thrown: unknown) => {
    if (!isWider(thrown) || tries === 1) throw thrown
    return widely({ log }, widened(scope, thrown.wider), decide, tries - 1)
  })
}
