import { fileRoutes } from '../../adapters/wire/routes/files.ts'
import { isProblem, isWorthRetrying, localProblem } from '../calls/problem.ts'
import { FIRST_WAIT, fullJitter } from '../platform/backoff.ts'
import type { Problem } from '../problems.ts'
import type { ChatClient } from '../types.ts'
import type { RawCall } from './calls.ts'
import type { Shelf } from './shelf.ts'
import { transfer } from './transfer.ts'
import type { UploadRecord } from './types.ts'

/** Uploads at the same time. */
const AT_ONCE = 3

interface Needs {
  readonly client: ChatClient
  readonly shelf: Shelf
  readonly call: RawCall
}

interface Task {
  readonly over: AbortController
  /** Ends the wait before the next attempt. */
  wake(): void
}

const missing = localProblem('file-missing', 'The file is no longer here')

/** Carries out uploads: of all tabs one at a time carries out each, and goes on until it is done or refused. */
export function uploads({ client, shelf, call }: Needs) {
  const { inside } = client
  const { platform, timers } = inside
  const tasks = new Map<string, Task>()
  const free = places(AT_ONCE)

  function start(key: string): void {
    if (tasks.has(key)) return
    const task: Task = { over: new AbortController(), wake: () => {} }
    tasks.set(key, task)
    const { signal } = task.over
    const done = () => void (tasks.get(key) === task && tasks.delete(key))
    platform
      .lock(`windi-chat upload ${inside.me()} ${key}`, () => work(key, task), signal)
      .catch((error: unknown) => signal.aborted || inside.emit('error', { error, during: 'uploading a file' }))
      .finally(done)
  }

  async function work(key: string, task: Task): Promise<void> {
    const { signal } = task.over
    signal.throwIfAborted()
    const record = await shelf.find(key)
    signal.throwIfAborted()
    if (record?.file) return finish(record, record.file)
    if (!record?.blob) {
      // Another tab may be about to tell that it is done.
      await pause(task, FIRST_WAIT)
      signal.throwIfAborted()
      return fail(key, missing)
    }
    // Another tab has begun it.
    if (!shelf.record(key)) shelf.add(record)
    let reached = 0
    for (let attempt = 1; ; attempt++) {
      try {
        if (!(await isReadable(record.blob))) return fail(key, missing)
        return finish(record, await free(signal, () => attempted(record.blob!, key, signal)))
      } catch (error) {
        signal.throwIfAborted()
        if (isProblem(error) && error.code === 'signed-out') return shelf.set(key, { status: 'waiting' })
        if (isProblem(error) && !isWorthRetrying(error)) return fail(key, error.problem)
        if (!isProblem(error)) inside.emit('error', { error, during: 'uploading a file' })
        const sent = shelf.all.get().get(key)?.sent ?? 0
        if (sent > reached) attempt = 1
        reached = sent
        shelf.set(key, { status: 'waiting' })
        const wait = isProblem(error) ? error.problem.retry_after_ms : undefined
        await pause(task, wait ?? FIRST_WAIT + fullJitter(attempt, platform.random))
      }
    }
  }

  function attempted(blob: Blob, key: string, signal: AbortSignal) {
    shelf.set(key, { status: 'uploading' })
    const { name, uploadId } = shelf.record(key)!
    return transfer({
      key,
      name,
      blob,
      uploadId,
      signal,
      call,
      now: platform.now,
      begun: (id) => shelf.keep({ ...shelf.record(key)!, uploadId: id }),
      progress: (sent) => shelf.set(key, { sent }),
    })
  }

  async function finish(record: UploadRecord, file: NonNullable<UploadRecord['file']>): Promise<void> {
    await shelf.done({ ...record, ...shelf.record(record.key) }, file)
    inside.uploaded(record.key, file)
  }

  function fail(key: string, problem: Problem): void {
    shelf.set(key, { status: 'failed', problem })
    inside.uploaded(key, undefined, problem)
  }

  inside.over.signal.addEventListener('abort', () => {
    for (const { over } of tasks.values()) over.abort()
  })

  const pause = (task: Task, ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = timers.later(ms, resolve)
      const end = () => {
        cancel()
        resolve()
      }
      task.wake = end
      task.over.signal.addEventListener('abort', end)
    })

  return {
    start,
    /** There is a network again. */
    wake() {
      for (const { wake } of tasks.values()) wake()
    },
    /** Ends an upload and, unless a message has its file, deletes what the service has of it. */
    end(key: string, isSent: boolean): void {
      tasks.get(key)?.over.abort()
      tasks.delete(key)
      const record = shelf.record(key)
      shelf.drop(key)
      if (isSent || !record) return
      const { signal } = new AbortController()
      const gone = record.file
        ? call(fileRoutes.deleteFile, { params: { file_id: record.file.id }, signal })
        : record.uploadId !== undefined &&
          call(fileRoutes.endUpload, { params: { upload_id: record.uploadId }, headers: { 'Tus-Resumable': '1.0.0' }, signal })
      // What cannot be deleted now, the service deletes in a day.
      if (gone) gone.catch(() => {})
    },
  }
}

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
