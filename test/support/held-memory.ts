import { WebSocket } from 'ws'

/**
 * What a process of Node's holds when its garbage is collected, in MiB: the objects of JavaScript and what they keep outside of the heap. Resident
 * memory tells less: it rises by garbage until that is collected, and by the page cache of SQLite until that is full. The process was started
 * with `--inspect` at this port.
 */
export async function heldMemory(inspectorPort: number): Promise<number> {
  const targets = (await (await fetch(`http://127.0.0.1:${inspectorPort}/json`)).json()) as { webSocketDebuggerUrl: string }[]
  const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl)
  const asked = new Map<number, (result: { readonly result?: { readonly value: unknown } }) => void>()
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: { result?: { value: unknown } } }
    asked.get(id)?.(result)
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const ask = (method: string, params: object = {}) =>
    new Promise<{ readonly result?: { readonly value: unknown } }>((resolve) => {
      const id = asked.size + 1
      asked.set(id, resolve)
      socket.send(JSON.stringify({ id, method, params }))
    })
  await ask('HeapProfiler.enable')
  // What finalizers let go of in the first collection goes in the second.
  for (let i = 0; i < 2; i++) await ask('HeapProfiler.collectGarbage')
  const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'
  const { result } = await ask('Runtime.evaluate', { expression })
  socket.close()
  return Math.round((result!.value as number) / 1_048_576)
}
