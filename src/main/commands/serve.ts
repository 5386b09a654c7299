import { complaint, isComplaint } from '../complaint.ts'
import { type Config, processEnvironment } from '../config.ts'
import { doubtsAbout } from '../doubts.ts'
import { dieOfDefects, liveUntilSignal } from '../lifecycle.ts'
import { createServer, type Server } from '../server.ts'
import { version } from '../version.ts'
import type { Context } from './context.ts'

export async function serve({ config, terminal }: Context): Promise<void> {
  const log = terminal.logger(config, process.stdout)
  dieOfDefects(log)
  for (const doubt of doubtsAbout(config, processEnvironment())) log.warn(doubt)
  const server = await createServer({ ...config, log }).catch((error: unknown) => {
    throw explained(error, config)
  })
  const { over } = liveUntilSignal(server, log)
  log.info({ url: server.url, data: server.place, version, pid: process.pid }, 'Serving')
  if (!terminal.isJson && process.stdout.isTTY) process.stdout.write(greeting(server, config))
  process.exit(await over)
}

function explained(error: unknown, { host, port }: Config): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (isComplaint(error)) return error
  if (code === 'EADDRINUSE') return complaint(`Port ${port} of ${host} is taken by another program. Choose another one: PORT=${port + 1}`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return complaint(`This machine has no address ${host} (HOST).`)
  if (code === 'EACCES') return complaint(`Not allowed: ${message}`)
  return error
}

const greeting = ({ url, place }: Server, { demo }: Config) => `
  windi-chat ${version} serves at ${url}

  ${url}/docs   every call, with a form to try it
  data          ${place}
  ${demo ? 'people        user1@example.com … user5@example.com, password password123' : 'people        npm run seed   makes five, with chats and messages'}

  curl ${url}/api/v1/auth/register -H 'Content-Type: application/json' \\
    -d '{"name":"Anna","email":"anna@example.com","password":"a long password"}'

  Ctrl-C ends it.

`
