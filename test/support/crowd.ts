import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { httpClient, type SignedInClient } from './http-client.ts'
import { type ModelClient, modelClient } from './model-client.ts'
import type { Entry } from './recording.ts'
import { type Service, startService } from './service.ts'
import { eventually } from './waiting.ts'

/** What a process may keep for one reader who does not read. */
const BOUND_BYTES = 1_048_576
const WARMING_BYTES = 2_000_000
const PEOPLE = 10
/** So many in one process answer slowly. */
const CROWD_PATIENCE_MS = 30_000
/** How long others go on writing after everybody is back. */
const GOES_ON_MS = 3_000

interface Reader extends ModelClient {
  /** How many events it has applied. */
  applied(): number
  /** How often it was told that it has missed something. */
  gaps(): number
  /** How many it was openly told to read elsewhere, because it had missed too many. */
  leftOut(): number
  /** What it was handed that it should not have been. */
  readonly faults: readonly Entry[]
}

interface Given {
  readonly databaseUrl: string
  readonly progress?: (text: string) => void
}

/** So many sockets of a few people, level. */
async function connect(people: readonly SignedInClient[], urls: readonly string[], count: number): Promise<Reader[]> {
  const readers = Array.from({ length: count }, (_, i): Reader => {
    const { id: user, token } = people[i % people.length]!
    let [applied, gaps, leftOut] = [0, 0, 0]
    const faults: Entry[] = []
    const record = (entry: Entry) => {
      if (entry.type === 'applied') applied++
      else if (entry.type === 'gap') gaps++
      else if (entry.type === 'limited') leftOut += entry.to - entry.from + 1
      else if (entry.type === 'out-of-turn' || entry.type === 'heads-ahead' || entry.type === 'reset') faults.push(entry)
    }
    return {
      ...modelClient({ user, token, urls, record, patience: CROWD_PATIENCE_MS }),
      applied: () => applied,
      gaps: () => gaps,
      leftOut: () => leftOut,
      faults,
    }
  })
  await Promise.all(readers.map((reader) => reader.level()))
  return readers
}

async function peopleOf(url: string, count: number): Promise<SignedInClient[]> {
  const http = httpClient(url)
  const people: SignedInClient[] = []
  for (let i = 0; i < count; i++) people.push(await http.register(`Person ${i}`))
  return people
}

async function groupOf(owner: SignedInClient, members: readonly SignedInClient[]): Promise<string> {
  const { body } = await owner.call<{ id: string }>('post', '/chats', {
    kind: 'group',
    name: 'Crowd',
    member_ids: members.map(({ id }) => id),
  })
  return body.id
}

const residentBytes = async ({ pid }: Service): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1_024
}

const quantile = (times: readonly number[], part: number) => times.toSorted((a, b) => a - b)[Math.floor(times.length * part)] ?? 0

export interface StalledReport {
  readonly readers: number
  readonly grownBytesPerReader: number
  readonly boundBytes: number
  readonly p99BeforeMs: number
  readonly p99DuringMs: number
  readonly p50BeforeMs: number
  readonly p50DuringMs: number
  /** Until everybody who had stalled had everything. */
  readonly caughtUpAfterMs: number
  /** How many of them had missed so much that they were told of a gap instead of everything. */
  readonly withGap: number
  readonly exact: number
}

/** Readers who stop reading while others write on. `megabytes` are written to each of them meanwhile. */
export async function stalledReaders({
  readers: count,
  megabytes,
  probes,
  databaseUrl,
  progress = () => {},
}: Given & { readonly readers: number; readonly megabytes: number; readonly probes: number }): Promise<StalledReport> {
  await using service = await startService({ env: { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '1d' } })
  const [writer, ear, ...people] = (await peopleOf(service.url, PEOPLE + 2)) as [SignedInClient, SignedInClient, ...SignedInClient[]]
  const chat = await groupOf(writer, [ear, ...people])
  const [mouth, others] = [await connect([writer], [service.url], 1), await connect([ear], [service.url], 1)]
  const readers = await connect(people, [service.url], count)
  progress(`${count} readers are there`)
  let sent = 0
  const write = (text: string) =>
    mouth[0]!.command({ type: 'send_message', chat_id: chat, client_message_id: `${++sent}`, text }) as Promise<{
      message: { seq: number }
    }>

  /** Times from sending to being handed to somebody who reads, one after another. */
  async function probe(): Promise<number[]> {
    const times: number[] = []
    for (let i = 0; i < probes; i++) {
      const began = performance.now()
      const { message } = await write('x'.repeat(200))
      while ((others[0]!.cursors.get(chat) ?? 0) < message.seq) await pause(1)
      times.push(performance.now() - began)
      await pause(20)
    }
    return times
  }

  async function writeLarge(bytes: number): Promise<number> {
    const large = 'word '.repeat(800)
    let most = 0
    for (let written = 0; written < bytes; written += 20 * large.length) {
      await Promise.all(Array.from({ length: 20 }, () => write(large)))
      most = Math.max(most, await residentBytes(service))
    }
    return most
  }

  try {
    // What a process takes for itself when it works is nobody's queue.
    await writeLarge(WARMING_BYTES)
    await probe()
    const before = await probe()
    const restingBytes = await residentBytes(service)
    for (const reader of readers) reader.stall(true)
    let mostBytes = await writeLarge(megabytes * 1_048_576)
    progress(`${megabytes} MB were written to readers who do not read`)
    const during = await probe()
    mostBytes = Math.max(mostBytes, await residentBytes(service))
    const began = performance.now()
    for (const reader of readers) reader.stall(false)
    const head = others[0]!.cursors.get(chat)!
    await eventually(
      () => {
        const behind = readers.filter((reader) => reader.cursors.get(chat) !== head).length
        if (behind > 0) throw new Error(`${behind} are behind`)
      },
      { timeoutMs: 240_000, everyMs: 50 },
    ).catch((error: unknown) => progress(String(error)))
    const caughtUpAfterMs = Math.round(performance.now() - began)
    return {
      readers: count,
      boundBytes: BOUND_BYTES,
      grownBytesPerReader: Math.round((mostBytes - restingBytes) / count),
      p50BeforeMs: quantile(before, 0.5),
      p99BeforeMs: quantile(before, 0.99),
      p50DuringMs: quantile(during, 0.5),
      p99DuringMs: quantile(during, 0.99),
      caughtUpAfterMs,
      withGap: readers.filter((reader) => reader.gaps() > 0).length,
      exact: readers.filter((reader) => reader.applied() + reader.leftOut() === sent && reader.faults.length === 0).length,
    }
  } finally {
    await Promise.all([...mouth, ...others, ...readers].map((client) => client.stop()))
  }
}

export interface CutReport {
  readonly sockets: number
  readonly processes: number
  /** Until all were back and level with the log. */
  readonly backAfterMs: number
  /** Messages acknowledged from the cut until the end: while they came back, and while they were read live again. */
  readonly sentMeanwhile: number
  readonly exact: number
}

/** All sockets of two processes are cut at once, while some go on writing. */
export async function cutSockets({ sockets, databaseUrl, progress = () => {} }: Given & { readonly sockets: number }): Promise<CutReport> {
  const env = { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', ACCESS_TOKEN_TTL: '1d' }
  await using first = await startService({ env })
  await using second = await startService({ env })
  const urls = [first.url, second.url]
  const people = await peopleOf(first.url, PEOPLE)
  const chats = await Promise.all(people.map((owner) => groupOf(owner, people)))
  const readers = await connect(people, urls, sockets)
  progress(`${sockets} sockets are there`)
  const from = new Map(readers.map((reader) => [reader, chats.map((chat) => reader.cursors.get(chat)!)]))
  let isOn = true
  let sent = 0
  const writing = people.map(async (writer, i) => {
    for (let n = 0; isOn; n++) {
      const body = { client_message_id: `${n}`, text: `message ${n}` }
      const { status } = await writer.call('post', `/chats/${chats[(i + n) % chats.length]!}/messages`, body)
      if (status === 201) sent++
      await pause(300)
    }
  })
  try {
    await eventually(() => {
      if (sent < 20) throw new Error('They write')
    })
    const [before, began] = [sent, performance.now()]
    const lines = new Map(readers.map((reader) => [reader, reader.lines()]))
    for (const reader of readers) reader.drop()
    await eventually(
      () => {
        const away = readers.filter((reader) => reader.lines() === lines.get(reader) || !reader.isLevel()).length
        if (away > 0) throw new Error(`${away} are away`)
      },
      { timeoutMs: 120_000, everyMs: 20 },
    )
    const backAfterMs = Math.round(performance.now() - began)
    await pause(GOES_ON_MS)
    const sentMeanwhile = sent - before
    isOn = false
    await Promise.all(writing)
    const heads = await Promise.all(
      chats.map(async (chat, i) => (await people[i]!.call<{ head_seq: number }>('get', `/chats/${chat}`)).body.head_seq),
    )
    const isExact = (reader: Reader) =>
      chats.every((chat, i) => reader.cursors.get(chat) === heads[i]) &&
      reader.applied() + reader.leftOut() === heads.reduce((sum, head, i) => sum + head - from.get(reader)![i]!, 0) &&
      reader.faults.length === 0
    await eventually(
      () => {
        const behind = readers.filter((reader) => !isExact(reader)).length
        if (behind > 0) throw new Error(`${behind} are behind`)
      },
      { timeoutMs: 60_000, everyMs: 50 },
    ).catch(() => undefined)
    return {
      sockets,
      processes: urls.length,
      backAfterMs,
      sentMeanwhile,
      exact: readers.filter(isExact).length,
    }
  } finally {
    isOn = false
    await Promise.all(readers.map((client) => client.stop()))
  }
}
