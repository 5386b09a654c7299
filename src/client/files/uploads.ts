import { fileRoutes } from '../../adapters/wire/routes/files.ts'
import { isProblem, isWorthRetrying, localProblem } from '../calls/problem.ts'
import { FIRST_WAIT, fullJitter } from '../platform/backoff.ts'
import type { Problem } from '../problems.ts'
import type { ChatClient } from '../types.ts'
import type { RawCall } from './calls.ts'
import type { Shelf } from './shelf.ts'
import { TUS, transfer } from './transfer.ts'
import type { UploadRecord } from './types.ts'

/** Uploads at the same time. */
const AT_ONCE = 3

interface Needs {
  readonly client: ChatClient
  readonly shelf: Shelf
  readonly call: RawCall
}

interface Task {
  readonly key: string
  readonly over: AbortController
  /** Ends the wait before the next attempt. */
  wake(): void
}

const missing = localProblem('file-missing', 'The file is no longer here')

/** Carries out uploads: of all tabs one at a time carries out each, and goes on until it is done or refused. */
export function uploads(needs: Needs) {
  const { client, shelf, call } = needs
  const { inside } = client
  const tasks = new Map<string, Task>()
  const work = worker(needs)
  inside.over.signal.addEventListener('abort', () => {
    for (const { over } of tasks.values()) over.abort()
  })

  return {
    start(key: string): void {
      if (tasks.has(key)) return
      const task: Task = { key, over: new AbortController(), wake: () => {} }
      tasks.set(key, task)
      const { signal } = task.over
      inside.platform
        .lock(`windi-chat upload ${inside.me()} ${key}`, () => work(task), signal)
        .catch((error: unknown) => signal.aborted || inside.emit('error', { error, during: 'uploading a file' }))
        .finally(() => void (tasks.get(key) === task && tasks.delete(key)))
    },
    /** There is a network again. */
    wake(): void {
      for (const { wake } of tasks.values()) wake()
    },
    /** Ends an upload and, unless a message has its file, deletes what the service has of it. */
    end(key: string, isSent: boolean): void {
      tasks.get(key)?.over.abort()
      tasks.delete(key)
      const record = shelf.record(key)
      shelf.drop(key)
      // What cannot be deleted now, the service deletes in a day.
      if (record && !isSent) removed(call, record)?.catch(() => {})
    },
  }
}

function removed(call: RawCall, { file, uploadId }: UploadRecord): Promise<unknown> | undefined {
  const { signal } = new AbortController()
  if (file) return call(fileRoutes.deleteFile, { params: { file_id: file.id }, signal })
  return uploadId === undefined ? undefined : call(fileRoutes.endUpload, { params: { upload_id: uploadId }, headers: TUS, signal })
}

/** Carries out one upload. */
function worker({ client, shelf, call }: Needs): (task: Task) => Promise<void> {
  const { inside } = client
  const { platform, timers } = inside
  const free = places(AT_ONCE)

  async function work(task: Task): Promise<void> {
    const { key, over } = task
    const record = await shelf.find(key)
    over.signal.throwIfAborted()
    if (record?.file) return finish(record, record.file)
    if (!record?.blob) {
      // Another tab may be about to tell that it is done.
      await pause(timers, task, FIRST_WAIT)
      over.signal.throwIfAborted()
      return fail(key, missing)
    }
    // Another tab has begun it.
    if (!shelf.record(key)) shelf.add(record)
    await attempts(task, record, record.blob)
  }

  async function attempts(task: Task, record: UploadRecord, blob: Blob): Promise<void> {
    const { key, over } = task
    let reached = 0
    for (let attempt = 1; ; attempt++) {
      try {
        if (!(await isReadable(blob))) return fail(key, missing)
        return await finish(record, await free(over.signal, () => attempted(task, blob)))
      } catch (error) {
        over.signal.throwIfAborted()
        shelf.set(key, { status: 'waiting' })
        if (isProblem(error) && error.code === 'signed-out') return
        if (isProblem(error) && !isWorthRetrying(error)) return fail(key, error.problem)
        if (!isProblem(error)) inside.emit('error', { error, during: 'uploading a file' })
        const sent = shelf.all.get().get(key)?.sent ?? 0
        if (sent > reached) attempt = 1
        reached = sent
        const wait = isProblem(error) ? error.problem.retry_after_ms : undefined
        await pause(timers, task, wait ?? FIRST_WAIT + fullJitter(attempt, platform.random))
      }
    }
  }

  function attempted({ key, over: { signal } }: Task, blob: Blob) {
    shelf.set(key, { status: 'uploading' })
    const { name, uploadId } = shelf.record(key)!
    const begun = (id: string) => shelf.keep({ ...shelf.record(key)!, uploadId: id })
    const progress = (sent: number) => shelf.set(key, { sent })
    return transfer({ key, name, blob, uploadId, signal, call, now: platform.now, begun, progress })
  }

  async function finish(record: UploadRecord, file: NonNullable<UploadRecord['file']>): Promise<void> {
    await shelf.done({ ...record, ...shelf.record(record.key) }, file)
    inside.uploaded(record.key, file)
  }

  function fail(key: string, problem: Problem): void {
    shelf.set(key, { status: 'failed', problem })
    inside.uploaded(key, undefined, problem)
  }

  return work
}

const pause = ({ later }: ChatClient['inside']['timers'], task: Task, ms: number) =>
  new Promise<void>((resolve) => {
    const cancel = later(ms, resolve)
    task.wake = () => {
      cancel()
      resolve()
    }
    task.over.signal.addEventListener('abort', task.wake)
  })

/** A file that was changed or deleted since it was chosen cannot be read. */
async function isReadable(blob: Blob): Promise<boolean> {
  try {
    await blob.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}

/** Runs so many at the same time; others wait for their turn. */
function places(count: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    while (running >= count) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
