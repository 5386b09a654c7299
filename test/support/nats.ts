import { freePort } from './places.ts'
import { type Program, startProgram } from './program.ts'

export interface Nats extends Program {
  readonly url: string
}

/** A NATS of one's own on a free port. Given a token, it lets in whoever knows it. */
export async function startNats({ token }: { readonly token?: string } = {}): Promise<Nats> {
  const port = await freePort()
  const args = ['--addr', '127.0.0.1', '--port', String(port), ...(token ? ['--auth', token] : [])]
  const server = await startProgram({ names: ['nats-server'], args, says: 'Server is ready' })
  return { ...server, url: `nats://${token ? `${encodeURIComponent(token)}@` : ''}127.0.0.1:${port}` }
}
