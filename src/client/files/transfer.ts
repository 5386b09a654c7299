import { fileRoutes } from '../../adapters/wire/routes/files.ts'
import type { File as WireFile } from '../../adapters/wire/schemas/files.ts'
import { isProblem } from '../calls/problem.ts'
import { readFile } from '../calls/read-wire.ts'
import type { File } from '../types/content.ts'
import type { RawAnswer, RawCall } from './calls.ts'

/** Bytes up to which a file goes in one request. */
const WHOLE = 262_144
/** Bytes of one request of an upload: fewer where the network is slow, so that a cut costs little. */
const LEAST = 65_536
const MOST = 4_194_304
/** Milliseconds that a request may take before the next one brings fewer bytes, and below which it brings more. */
const SLOW_MS = 8_000
const FAST_MS = 1_500

interface Transfer {
  readonly key: string
  readonly name: string
  readonly blob: Blob
  /** Of an attempt that was cut. */
  readonly uploadId: string | undefined
  readonly signal: AbortSignal
  now(): number
  call: RawCall
  /** The upload has begun under this id. */
  begun(uploadId: string): Promise<void>
  /** The service has so many bytes. */
  progress(bytes: number): void
}

export const TUS = { 'Tus-Resumable': '1.0.0' }
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
const fileIn = ({ text }: RawAnswer): File => readFile(JSON.parse(text) as WireFile)
const offsetIn = ({ header }: RawAnswer): number => Number(header('Upload-Offset') ?? 0)

/** Brings the bytes to the service and returns their file. Small ones go in one request, others in pieces by tus, from where an earlier attempt was cut. */
export async function transfer(what: Transfer): Promise<File> {
  const { key, name, blob, signal, call, progress } = what
  if (blob.size > WHOLE) return inPieces(what)
  const query = { name, client_file_id: key }
  const headers = { 'content-type': 'application/octet-stream' }
  const made = fileIn(await call(fileRoutes.uploadFile, { query, headers, body: blob.slice(0, blob.size, ''), signal }))
  progress(blob.size)
  return made
}

async function inPieces(what: Transfer): Promise<File> {
  const { blob, signal, call, progress } = what
  const { uploadId, offset: from } = await begin(what)
  let offset = from
  let step = WHOLE
  progress(offset)
  // The last request makes the file; where that failed, an empty one does.
  do {
    const started = what.now()
    try {
      offset = await bring(what, { uploadId, offset, step })
    } catch (error) {
      if (!isProblem(error) || error.code !== 'upload-offset') throw error
      offset = Number(error.problem['offset'] ?? 0)
    }
    const took = what.now() - started
    step = took > SLOW_MS ? Math.max(LEAST, step / 2) : took < FAST_MS ? Math.min(MOST, step * 2) : step
    progress(offset)
  } while (offset < blob.size)
  return fileIn(await call(fileRoutes.getFile, { params: { file_id: uploadId }, signal }))
}

interface Place {
  readonly uploadId: string
  readonly offset: number
}

async function bring({ blob, signal, call }: Transfer, { uploadId, offset, step }: Place & { readonly step: number }): Promise<number> {
  const headers = { ...TUS, 'Upload-Offset': String(offset), 'content-type': 'application/offset+octet-stream' }
  const body = blob.slice(offset, offset + step, '')
  return offsetIn(await call(fileRoutes.continueUpload, { params: { upload_id: uploadId }, headers, body, signal }))
}

/** Where an upload stands that was begun earlier, or a new one. */
async function begin({ key, name, blob, uploadId, signal, call, begun }: Transfer): Promise<Place> {
  if (uploadId !== undefined) {
    try {
      return { uploadId, offset: offsetIn(await call(fileRoutes.getUpload, { params: { upload_id: uploadId }, headers: TUS, signal })) }
    } catch (error) {
      if (!isProblem(error) || error.status !== 404) throw error
    }
  }
  const metadata = `name ${base64(name)},client_file_id ${base64(key)}`
  const headers = { ...TUS, 'Upload-Length': String(blob.size), 'Upload-Metadata': metadata }
  const answer = await call(fileRoutes.createUpload, { headers, signal })
  const id = (answer.header('Location') ?? '').split('/').at(-1)!
  await begun(id)
  return { uploadId: id, offset: offsetIn(answer) }
}
