import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { newSocketState, type SocketState } from '../../../src/adapters/ws/socket-state.ts'

/** A socket of which a test says how much the kernel has taken, and the state of its connection. */
export function socketState(given: Partial<SocketState> = {}) {
  const written: string[] = []
  const closed: number[] = []
  const deeds: string[] = []
  const drains: (() => void)[] = []
  const socket = {
    written,
    destroyed: false,
    writable: true,
    writableLength: 0,
    writableHighWaterMark: 100,
    bytesRead: 0,
    write: (bytes: Buffer) => void written.push(bytes.toString()),
    once: (event: string, run: () => void) => void (event === 'drain' && drains.push(run)),
  }
  const ws = {
    pause: () => void deeds.push('pause'),
    resume: () => void deeds.push('resume'),
    close: (code: number) => void closed.push(code),
    terminate: () => void deeds.push('terminate'),
  }
  const state = newSocketState({
    id: 'id',
    ws: ws as unknown as WebSocket,
    socket: socket as unknown as Socket,
    address: 'here',
    believedUntil: 1_000_000,
    nextBeatAt: 0,
  })
  return {
    state: Object.assign(state, { isChecking: false }, given),
    socket,
    written,
    closed,
    deeds,
    /** The kernel has taken everything. */
    drained() {
      socket.writableLength = 0
      for (const run of drains.splice(0)) run()
    },
  }
}
