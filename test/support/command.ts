import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const cli = fileURLToPath(new URL('../../dist/main/cli.js', import.meta.url))

/** Runs the built program to its end in a folder. Of this process's settings only `PATH` reaches it. */
export async function windiChat(
  folder: string,
  args: readonly string[],
  { env = {}, input = '' }: { env?: Readonly<Record<string, string>>; input?: string } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } })
  child.stdin.on('error', () => {}).end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}
