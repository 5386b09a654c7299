import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diskBlobs } from '../../src/adapters/files/disk.ts'
import { memoryBlobs } from '../../src/adapters/files/memory.ts'
import { s3Blobs } from '../../src/adapters/files/s3.ts'
import { blobsContract } from '../../src/contracts/store.ts'
import { blobsHarness } from '../support/blobs.ts'
import { startS3 } from '../support/s3.ts'

blobsContract('memory', async (count) => {
  const blobs = memoryBlobs()
  return blobsHarness(Array.from({ length: count }, () => blobs))
})

blobsContract('disk', async (count) => {
  const folder = await mkdtemp(join(tmpdir(), 'disk-'))
  const blobs = Array.from({ length: count }, () => diskBlobs({ folder, newId: () => randomUUID() }))
  return blobsHarness(blobs, () => rm(folder, { recursive: true }))
})

blobsContract('S3', async (count) => {
  const { stop, ...bucket } = await startS3()
  return blobsHarness(
    Array.from({ length: count }, () => s3Blobs(bucket)),
    stop,
  )
})

blobsContract('S3, in a folder of the bucket', async (count) => {
  const { stop, ...options } = await startS3()
  const bucket = `${options.bucket}/some/folder/`
  return blobsHarness(
    Array.from({ length: count }, () => s3Blobs({ ...options, bucket })),
    stop,
  )
})

it('does not get past an S3 store with a wrong secret', async () => {
  const { stop, ...bucket } = await startS3()
  await expect(s3Blobs({ ...bucket, secret: 'wrong' }).open('0'.repeat(64))).rejects.toThrow('403')
  await stop()
})

it('refuses with overloaded while an S3 store is away', async () => {
  const { stop, ...bucket } = await startS3()
  await stop()
  await expect(s3Blobs(bucket).open('0'.repeat(64))).rejects.toMatchObject({ code: 'overloaded' })
})

it('gives addresses at which an S3 store serves the bytes itself', async () => {
  const { stop, objects, ...bucket } = await startS3()
  const sha256 = 'a'.repeat(64)
  objects.set(`files/${sha256}`, Buffer.from('bytes'))
  const disposition = `attachment; filename="x.txt"; filename*=UTF-8''%D1%8F%20(1).txt`
  const serving = { variant: undefined, type: 'text/plain', disposition, lasts: 60_000 }
  const address = await s3Blobs(bucket).address!(sha256, serving)
  const response = await fetch(address)
  expect([response.status, await response.text()]).toEqual([200, 'bytes'])
  expect([response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual(['text/plain', disposition])
  expect((await fetch(address.replace('text', 'html'))).status).toBe(403)
  await stop()
})
