import { describe, expect, it } from 'vitest'
import { problemError } from '../../../src/client/calls/problem.ts'
import type { RawRequest } from '../../../src/client/files/calls.ts'
import { memoryUploads } from '../../../src/client/files/records.ts'
import { shelf } from '../../../src/client/files/shelf.ts'
import type { UploadRecord } from '../../../src/client/files/types.ts'
import { uploads } from '../../../src/client/files/uploads.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import { settled } from './views.ts'

const DAY = 86_400_000
const wireFile = (id: string) => ({ id, name: 'a', size: 1, type: 'text/plain', kind: 'file', created_at: '2030-01-01T00:00:00.000Z' })
const problem = (status: number, code: string, more: object = {}) =>
  problemError({ type: 'about:blank', title: code, status, code, request_id: '', ...more })
const NETWORK = problem(0, 'network')

interface Pending {
  readonly path: string
  readonly request: RawRequest
  done(id?: string): Promise<void>
  fail(error: unknown): Promise<void>
}

/** Uploads of somebody whose calls wait for what a test answers. */
function uploading({ storedBytes = 100, persist = memoryUploads(), locked = [] as string[] } = {}) {
  const clock = virtualClock()
  const pending: Pending[] = []
  const errors: unknown[] = []
  const locks: string[] = []
  const made: unknown[] = []
  const over = new AbortController()
  const inside = {
    platform: {
      now: clock.now,
      random: () => 0,
      lock: (name: string, work: () => Promise<void>) => {
        locks.push(name)
        return locked.includes(name) ? new Promise<void>(() => {}) : work()
      },
    },
    timers: { later: clock.later },
    ready: Promise.resolve(),
    me: () => 'ann',
    over,
    emit: (_: string, { error, during }: { error: unknown; during: string }) => void errors.push([error, during]),
    uploaded: (key: string, file: unknown, why?: { readonly code: string }) => void made.push([key, file ? 'file' : undefined, why?.code]),
  }
  const kept = shelf({ inside: inside as never, persist, storedBytes })
  const call = ({ method, path }: { method: string; path: string }, request: RawRequest) =>
    new Promise<never>((resolve, reject) => {
      pending.push({
        path: `${method} ${path}`,
        request,
        async done(id = 'made') {
          resolve({ text: JSON.stringify(wireFile(id)), header: () => undefined } as never)
          await settled()
        },
        async fail(error) {
          reject(error)
          await settled()
        },
      })
      request.signal.addEventListener('abort', () => reject(request.signal.reason as Error))
    })
  const work = uploads({ client: { inside } as never, shelf: kept, call: call })
  const record = (key: string, given: Partial<UploadRecord> = {}): UploadRecord => {
    const looks = { id: key, name: key, size: 3, type: '', kind: 'file' } as never
    return { key, name: key, at: clock.now(), looks, blob: new Blob(['abc']), uploadId: undefined, file: undefined, ...given }
  }
  const begin = async (key: string, given: Partial<UploadRecord> = {}) => {
    kept.add(record(key, given))
    work.start(key)
    await readable()
  }
  const status = (key: string) => kept.all.get().get(key)?.status
  return { ...work, kept, clock, pending, errors, locks, made, over, inside, record, begin, status }
}
/** Bytes are read by the platform, which takes its time. */
async function readable(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve))
    await settled()
  }
}

describe('an upload', () => {
  it('is carried out under a lock of its own, once, and done with its file', async () => {
    const { begin, start, pending, locks, made, status, kept } = uploading()
    await begin('a')
    start('a')
    await readable()
    expect([pending.length, locks, status('a')]).toEqual([1, ['windi-chat upload ann a'], 'uploading'])
    await pending[0]!.done()
    expect([status('a'), made, kept.all.get().get('a')]).toMatchObject([
      'done',
      [['a', 'file', undefined]],
      { sent: 3, problem: undefined },
    ])
    expect([await kept.blob('a')?.text(), await kept.blob('made')?.text()]).toEqual(['abc', 'abc'])
    start('a')
    await readable()
    expect([pending.length, made.length]).toEqual([1, 2])
  })

  it('is one of three at the same time; the next begins when one is over, however it ended', async () => {
    const { begin, pending, kept } = uploading()
    for (const key of ['a', 'b', 'c', 'd', 'e']) await begin(key)
    expect(pending).toHaveLength(3)
    await pending[0]!.done()
    await readable()
    expect(pending).toHaveLength(4)
    await pending[1]!.fail(problem(413, 'too-large'))
    await readable()
    expect([pending.length, kept.all.get().get('b')]).toMatchObject([5, { status: 'failed', problem: { code: 'too-large' } }])
  })

  it('that fails waits and is tried again, later each time, until bytes have come', async () => {
    const { begin, pending, status, clock, kept } = uploading()
    await begin('a')
    for (const wait of [500, 500, 500]) {
      await pending.at(-1)!.fail(NETWORK)
      expect(status('a')).toBe('waiting')
      const before = pending.length
      await clock.advance(wait - 1)
      await readable()
      expect(pending).toHaveLength(before)
      await clock.advance(1)
      await readable()
      expect(pending).toHaveLength(before + 1)
    }
    kept.set('a', { sent: 2 })
    expect(status('a')).toBe('uploading')
  })

  it('waits for as long as the service says, and no longer when there is a network again', async () => {
    const { begin, pending, wake, clock } = uploading()
    await begin('a')
    await pending[0]!.fail(problem(503, 'overloaded', { retry_after_ms: 60_000 }))
    await clock.advance(59_999)
    await readable()
    expect(pending).toHaveLength(1)
    wake()
    await readable()
    expect(pending).toHaveLength(2)
  })

  it('that meets a defect says so, and is tried again; one of who is signed out waits for the next run', async () => {
    const { begin, pending, errors, status, clock } = uploading()
    await begin('a')
    const defect = new TypeError('a defect')
    await pending[0]!.fail(defect)
    expect(errors).toEqual([[defect, 'uploading a file']])
    await clock.advance(500)
    await readable()
    await pending[1]!.fail(problem(0, 'signed-out'))
    await clock.advance(60_000)
    await readable()
    expect([pending.length, status('a'), errors.length]).toEqual([2, 'waiting', 1])
  })

  it('of which the bytes are gone fails, after another tab may have told of it', async () => {
    const { kept, start, status, clock, made, record } = uploading()
    kept.add(record('a', { blob: undefined }))
    start('a')
    await readable()
    await clock.advance(499)
    expect(status('a')).toBe('waiting')
    await clock.advance(1)
    await readable()
    expect([status('a'), made]).toEqual(['failed', [['a', undefined, 'file-missing']]])
    const unreadable = Object.assign(new Blob(['abc']), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error('changed')) }) })
    kept.add(record('b', { blob: unreadable }))
    start('b')
    await readable()
    expect(status('b')).toBe('failed')
  })

  it('that another tab has begun is known by what is stored of it', async () => {
    const { start, kept, pending, record } = uploading()
    await kept.keep(record('a'))
    kept.drop('none')
    const other = uploading({
      persist: () => ({ load: async () => [], get: async () => record('a'), put: async () => {}, remove: async () => {} }),
    })
    other.start('a')
    await readable()
    expect([other.pending.length, other.status('a')]).toEqual([1, 'uploading'])
    start('a')
    await readable()
    expect(pending).toHaveLength(1)
  })

  it('that is ended is heard of no more, and what the service has of it is deleted unless a message has it', async () => {
    const { begin, end, pending, errors, status, kept, clock, record } = uploading()
    await begin('a', { uploadId: 'u1' })
    end('a', false)
    await readable()
    await clock.advance(60_000)
    expect([status('a'), kept.record('a'), errors]).toEqual([undefined, undefined, []])
    expect(pending.slice(1).map(({ path, request }) => [path.split(' ')[0], request.params])).toEqual([['delete', { upload_id: 'u1' }]])
    kept.add(record('b', { file: { id: 'f' } as never }))
    end('b', false)
    kept.add(record('c', { file: { id: 'g' } as never }))
    end('c', true)
    kept.add(record('d'))
    end('d', false)
    end('unknown', false)
    expect(pending.slice(2).map(({ path, request }) => [path.split(' ')[0], request.params])).toEqual([['delete', { file_id: 'f' }]])
    await begin('a')
    expect(status('a')).toBe('uploading')
  })

  it('ends with the client, without a word', async () => {
    const { begin, over, pending, errors, clock } = uploading()
    await begin('a')
    over.abort(new Error('closed'))
    await readable()
    await clock.advance(60_000)
    await readable()
    expect([pending.length, errors]).toEqual([1, []])
  })
})

describe('what is stored of uploads', () => {
  it('has their bytes up to a size, and all else always', async () => {
    const persist = memoryUploads()
    const { kept, record } = uploading({ storedBytes: 3, persist })
    await kept.keep(record('a'))
    await kept.keep(record('b', { blob: new Blob(['abcd']) }))
    const stored = await (await persist('ann')).load()
    expect(stored.map(({ key, blob }) => [key, blob?.size])).toEqual([
      ['a', 3],
      ['b', undefined],
    ])
    expect((await kept.find('b'))?.blob?.size).toBe(4)
  })

  it('is taken up by the next run, but for what is older than eight days', async () => {
    const persist = memoryUploads()
    const first = uploading({ persist })
    const at = first.clock.now()
    for (const [key, age] of [
      ['new', 0],
      ['old', 8 * DAY],
      ['older', 8 * DAY + 1],
    ] as const)
      await first.kept.keep(first.record(key, { at: at - age }))
    const { kept, record } = uploading({ persist })
    kept.add(record('new'))
    expect(await kept.load()).toEqual(['old'])
    expect([...kept.all.get().keys()]).toEqual(['new', 'old'])
    await settled()
    expect((await (await persist('ann')).load()).map(({ key }) => key)).toEqual(['new', 'old'])
    expect(await kept.load()).toEqual([])
  })

  it('is memory where the store cannot be opened, and what cannot be stored is told', async () => {
    const wrong = new Error('no room')
    const { kept, record, errors } = uploading({ persist: () => Promise.reject(wrong) })
    await kept.keep(record('a'))
    expect([(await kept.find('a'))?.key, errors]).toEqual(['a', [[wrong, 'storing an upload']]])
    const failing = {
      load: () => Promise.reject(wrong),
      get: () => Promise.reject(wrong),
      put: () => Promise.reject(wrong),
      remove: () => Promise.reject(wrong),
    }
    const bad = uploading({ persist: () => failing })
    await bad.kept.keep(bad.record('a'))
    expect([await bad.kept.load(), (await bad.kept.find('a'))?.key, await bad.kept.find('b')]).toEqual([[], 'a', undefined])
    bad.kept.drop('a')
    await settled()
    expect(bad.errors).toHaveLength(5)
  })

  it('tells nobody of an upload that is not known', () => {
    const { kept } = uploading()
    const before = kept.all.get()
    kept.set('none', { status: 'failed' })
    kept.drop('none')
    expect(kept.all.get()).toBe(before)
  })

  it('keeps the bytes of fifty to be shown', () => {
    const { kept, record } = uploading()
    for (let i = 0; i < 50; i++) kept.add(record(`${i}`))
    expect(kept.blob('0')).toBeDefined()
    kept.add(record('more'))
    expect([kept.blob('0'), kept.blob('1')?.size]).toEqual([undefined, 3])
  })
})
