import { openAsBlob } from 'node:fs'
import { Readable } from 'node:stream'
import { AwsClient } from 'aws4fetch'
import type { Blobs, Variant } from '../../application/ports/blobs.ts'
import type { Bytes } from '../../application/ports/intake.ts'
import type { Duration } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'

export interface S3Options {
  /** `https://host/bucket`, with a folder behind it if wanted. */
  readonly bucket: string
  readonly key: string
  readonly secret: string
  readonly region: string
  /** How long the store may take for an answer without bytes. */
  readonly patienceMs?: Duration
}

const BYTES = 'files/'
const PIECES = 'incoming/'
const PER_LIST = 1_000
/** What a slow line may need for the largest file. */
const TRANSFER_MS = 3_600_000

const folders = { thumb: 'thumbs/', preview: 'previews/' } as const satisfies Record<Variant, string>
const nameOf = (sha256: string, variant?: Variant) => (variant ? folders[variant] : BYTES) + sha256

/** What a bucket can do, by names of objects. Addresses are in the path style, which all stores understand. */
function bucketOf({ bucket, key, secret, region, patienceMs = 30_000 }: S3Options) {
  const client = new AwsClient({ accessKeyId: key, secretAccessKey: secret, region, service: 's3', retries: 2 })
  const at = (name: string) => new URL(`${bucket.replace(/\/$/, '')}/${name}`)

  async function call(url: URL, init: RequestInit, patience: Duration = patienceMs): Promise<Response> {
    const response = await client.fetch(url.href, { ...init, signal: AbortSignal.timeout(patience) }).catch(unreachable)
    if (response.ok || response.status === 404 || response.status === 416) return response
    await response.body?.cancel()
    if (response.status >= 500 || response.status === 429) return unreachable()
    throw new Error(`The S3 store answered ${response.status} to ${init.method}`)
  }

  async function put(name: string, body: Blob | Uint8Array, sha256?: string): Promise<void> {
    const headers = sha256 ? { 'X-Amz-Content-Sha256': sha256 } : {}
    const response = await call(at(name), { method: 'PUT', body: body as BodyInit, headers }, TRANSFER_MS)
    await response.body?.cancel()
    if (!response.ok) throw new Error('The S3 store has no such bucket')
  }

  async function exists(name: string): Promise<boolean> {
    return (await call(at(name), { method: 'HEAD' })).ok
  }

  async function remove(name: string): Promise<void> {
    await (await call(at(name), { method: 'DELETE' })).body?.cancel()
  }

  async function read(name: string, range?: string): Promise<Bytes | undefined> {
    const response = await call(at(name), { method: 'GET', headers: range ? { Range: range } : {} }, TRANSFER_MS)
    if (response.ok && response.body) return Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
    await response.body?.cancel()
    return response.ok ? Readable.from([]) : undefined
  }

  async function list(folder: string, after = ''): Promise<readonly string[]> {
    const url = at('')
    const prefix = decodeURIComponent(url.pathname).split('/').slice(2).join('/') + folder
    url.pathname = url.pathname.split('/').slice(0, 2).join('/')
    url.search = new URLSearchParams({ 'list-type': '2', prefix, 'start-after': prefix + after, 'max-keys': `${PER_LIST}` }).toString()
    const text = await (await call(url, { method: 'GET' })).text()
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name]) => name!.slice(prefix.length))
  }

  const presigned = async (url: URL) => (await client.sign(url.href, { method: 'GET', aws: { signQuery: true } })).url

  return { at, put, exists, remove, read, list, presigned }
}

/** Bytes in a bucket of any store that speaks S3. */
export function s3Blobs(options: S3Options): Blobs {
  const { at, put, exists, remove, read, list, presigned } = bucketOf(options)
  return {
    async keep({ sha256, path }) {
      if (!(await exists(nameOf(sha256)))) await put(nameOf(sha256), await openAsBlob(path), sha256)
    },
    keepVariant: (sha256, variant, bytes) => put(nameOf(sha256, variant), bytes),
    async remove(sha256) {
      for (const variant of ['thumb', 'preview', undefined] as const) await remove(nameOf(sha256, variant))
    },
    open: (sha256, { variant, range } = {}) => read(nameOf(sha256, variant), range && `bytes=${range.first}-${range.last}`),
    list: (after) => list(BYTES, after),
    keepPiece: async (name, { path, sha256 }) => put(PIECES + name, await openAsBlob(path), sha256),
    async *pieces(names) {
      for (const name of names) {
        const bytes = await read(PIECES + name)
        if (!bytes) throw new Error('a piece of an upload is missing')
        yield* bytes
      }
    },
    async dropPieces(names) {
      for (const name of names) await remove(PIECES + name)
    },
    listPieces: (after) => list(PIECES, after),
    async address(sha256, { variant, type, disposition, lasts }) {
      const url = at(nameOf(sha256, variant))
      url.searchParams.set('X-Amz-Expires', String(Math.ceil(lasts / 1_000)))
      url.searchParams.set('response-content-type', type)
      url.searchParams.set('response-content-disposition', disposition)
      return presigned(url)
    },
  }
}

const unreachable = (): never => {
  throw new Refusal('overloaded')
}
