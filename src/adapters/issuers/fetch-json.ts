import type { Duration } from '../../domain/ids.ts'

export interface FetchLimits {
  readonly timeoutMs: Duration
  readonly bytes: number
}

/** Returns the JSON at an address: no redirects, bounded in time and size. */
export async function fetchJson(url: string, { timeoutMs, bytes }: FetchLimits): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/json' } })
  try {
    if (response.status !== 200 || !response.body) throw new Error(`${response.status}`)
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > bytes) throw new Error('too large')
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown
  } finally {
    if (!response.bodyUsed) await response.body?.cancel()
  }
}
