import type { Device } from '../../src/testing.ts'

/** Sockets that are honest but for one thing. */
export function changedSocket(device: Device, change: { out?: (text: string) => string; in?: (text: string) => string }) {
  return function Changed(url: string) {
    const socket = new device.platform.WebSocket!(url)
    return {
      get readyState() {
        return socket.readyState
      },
      send: (text: string) => socket.send(change.out?.(text) ?? text),
      close: () => socket.close(),
      set onopen(listener: (event: never) => void) {
        socket.onopen = listener
      },
      set onclose(listener: (event: never) => void) {
        socket.onclose = listener
      },
      set onerror(listener: (event: never) => void) {
        socket.onerror = listener
      },
      set onmessage(listener: ((event: never) => void) | null) {
        socket.onmessage = listener && ((event: { data: string }) => listener({ data: change.in?.(event.data) ?? event.data } as never))
      },
    }
  } as unknown as Device['platform']['WebSocket']
}
