import { asyncapi } from '../../../src/adapters/wire/asyncapi.ts'
import { openapi } from '../../../src/adapters/wire/openapi.ts'
import { windiChat } from '../command.ts'
import { heldMemory } from '../held-memory.ts'
import { httpClient } from '../http-client.ts'
import { freePort } from '../places.ts'
import { startService } from '../service.ts'
import { type AsyncApi, fuzzFrames } from './frames.ts'
import { type Fault, fuzzHttp, type OpenApi } from './http.ts'

export interface CampaignOptions {
  readonly seed: number
  /** Each of so many requests and frames. */
  readonly rounds: number
  readonly requests: number
  readonly frames: number
  /** Beside what the service needs anyway. */
  readonly env?: Readonly<Record<string, string>>
  readonly progress?: (text: string) => void
}

export interface CampaignReport {
  readonly faults: readonly Fault[]
  readonly answers: Readonly<Record<string, number>>
  /** What the service holds after each round, garbage aside, in MiB. */
  readonly memory: readonly number[]
  /** Lines of the log that tell of a defect. */
  readonly defects: readonly string[]
}

const ACCOUNT = 'a battery of correct horses'

/** Fuzzes both edges of the built program with its own documents, as nobody, users, staff and back ends. */
export async function fuzzCampaign({ seed, rounds, requests, frames, env, progress = () => {} }: CampaignOptions): Promise<CampaignReport> {
  const inspectorPort = await freePort()
  const limits = { NODE_OPTIONS: `--max-old-space-size=192 --inspect=127.0.0.1:${inspectorPort}`, GUESTS: 'on', LOG_LEVEL: 'warn' }
  await using service = await startService({ env: { ...limits, ...env } })
  const { url, folder } = service
  const staff = await httpClient(url).register('Staff', { username: 'fuzzstaff', password: ACCOUNT })
  await windiChat(folder, ['user', 'admin', 'fuzzstaff'], { env: env ?? {} })
  const made = await windiChat(folder, ['key', 'add', '--name', 'Fuzz', '--scopes', 'admin', '--json'], { env: env ?? {} })
  const at = { url, tokens: [staff.token, (JSON.parse(made.stdout) as { key: string }).key] }
  const faults: Fault[] = []
  const answers: Record<string, number> = {}
  const memory: number[] = []
  let isGone = false
  void service.ended.then(() => (isGone = true))
  for (let round = 0; round < rounds && faults.length === 0; round++) {
    const from = seed + round * 2
    const results = await Promise.all([
      fuzzHttp(openapi({ version: '0' }) as unknown as OpenApi, at, { seed: from, count: requests }),
      fuzzFrames(asyncapi({ version: '0' }) as unknown as AsyncApi, at, { seed: from + 1, count: frames }),
    ])
    for (const result of results) {
      faults.push(...result.faults)
      for (const [answer, count] of Object.entries(result.answers)) answers[answer] = (answers[answer] ?? 0) + count
    }
    if (isGone) faults.push({ seed: from, number: requests, what: 'the service has ended' })
    else memory.push(await heldMemory(inspectorPort))
    progress(`round ${round + 1} of ${rounds}: ${faults.length} faults, ${memory.at(-1)} MiB`)
  }
  const defects = service
    .logs()
    .split('\n')
    .filter((line) => /"level":(50|60|"error"|"fatal")/.test(line))
  return { faults, answers, memory, defects }
}

/** How much memory grew from the first half of the rounds, without the first, to the last one, in MiB. */
export function growthOf(memory: readonly number[]): number {
  const half = memory.slice(1, Math.ceil(memory.length / 2) + 1)
  return (memory.at(-1) ?? 0) - Math.max(...half, 0)
}
