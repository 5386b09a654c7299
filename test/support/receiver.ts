import { createServer } from 'node:http'
import { listening } from './http-server.ts'

export interface Request {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Receiver {
  readonly url: string
  readonly requests: readonly Request[]
  /** How requests are answered from now on: with this status. */
  answers(by: (request: Request) => number): void
  close(): Promise<void>
}

/** A receiver: answers as it is told, 204 unless told otherwise. */
export async function receiver(): Promise<Receiver> {
  const requests: Request[] = []
  let answer: (request: Request) => number = () => 204
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const seen = { path: request.url!, headers: request.headers, body: Buffer.concat(chunks) }
    requests.push(seen)
    response.writeHead(answer(seen)).end()
  })
  const { url, close } = await listening(server)
  return { url, close, requests, answers: (by: typeof answer) => void (answer = by) }
}
