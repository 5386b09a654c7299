import type { BusMessage, Topic } from '../../application/ports/bus.ts'
import { unpack } from './codec.ts'

type Listener = (topic: Topic, notice: BusMessage) => void

interface HeardOptions {
  readonly release: string
  readonly isFollowed: (topic: Topic) => boolean
  readonly warn: (message: string) => void
}

/** Hands what other processes have said to the listener. A notice over which it throws is lost, and nothing else is. */
export function heard({ release, isFollowed, warn }: HeardOptions): { listen(given: Listener): void; hand(message: string): void } {
  let listener: Listener = () => {}
  return {
    listen(given) {
      listener = given
    },
    hand(message) {
      unpack(message, { release, isFollowed }, ({ topic, notice }) => {
        try {
          listener(topic, notice)
        } catch (error) {
          warn(`A notice of another process could not be processed: ${String(error)}`)
        }
      })
    },
  }
}
