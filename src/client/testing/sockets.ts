import type { ServerFrame } from '../../adapters/wire/frames.ts'
import type { SocketConstructor, SocketLike } from '../platform/platform.ts'
import { delayOf, type NetworkNeeds } from './needs.ts'

/** One open socket, as the network sees it. */
export interface Wire {
  cut(): void
  freeze(): void
}

/** Sockets of one device: frames of one direction arrive in order, each after a delay of its own. */
export function socketsOf(needs: NetworkNeeds, wires: Set<Wire>, isReachable: () => boolean): SocketConstructor {
  const { faults, now, later, random } = needs

  /** To be called with `new`, as a class would be. */
  function FakeWebSocket(): SocketLike {
    let isOver = false
    let isFrozen = false
    let readyState = 0
    let end: ReturnType<NetworkNeeds['open']> | undefined
    const inOrder = () => {
      let last = 0
      return (work: () => void) => {
        last = Math.max(last, now() + delayOf(needs))
        later(last - now(), () => isOver || isFrozen || work())
      }
    }
    const down = inOrder()
    const up = inOrder()
    const socket: SocketLike = {
      get readyState() {
        return readyState
      },
      send(text) {
        if (readyState !== 1) throw new Error('The socket is not open')
        up(() => (isReachable() ? end?.receive(text) : over(1006)))
      },
      close: () => over(1000, false),
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
    }

    function over(code: number, isTold = true): void {
      if (isOver) return
      isOver = true
      readyState = 3
      wires.delete(wire)
      end?.ended()
      if (isTold) socket.onclose?.({ code } as never)
    }
    const wire: Wire = { cut: () => over(1006), freeze: () => void (isFrozen = true) }
    wires.add(wire)

    function send(frame: ServerFrame): void {
      if (frame.type === 'event' && random() < faults.eventLoss) return
      if (frame.type === 'ok' && random() < faults.answerLoss) return down(() => over(1006))
      const data = JSON.stringify(frame)
      down(() => socket.onmessage?.({ data } as never))
    }

    later(delayOf(needs), () => {
      if (isOver || isFrozen) return
      if (!isReachable()) return over(1006)
      readyState = 1
      socket.onopen?.({} as never)
      end = needs.open({ send, close: (code) => down(() => over(code)) })
    })
    return socket
  }
  return FakeWebSocket as unknown as SocketConstructor
}
