import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answering } from '../measure/child.ts'

/** Ranges of one file by a bare stream: no tokens, no rights, no types. */
answering({
  async start({ path, bytes }: { readonly path: string; readonly bytes: number }) {
    const server = createServer((request, response) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '')!
      const [start, end] = [Number(from), Number(to)]
      response.writeHead(206, { 'content-length': end - start + 1, 'content-range': `bytes ${start}-${end}/${bytes}` })
      createReadStream(path, { start, end }).pipe(response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
})
