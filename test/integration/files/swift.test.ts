import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { s3Blobs } from '../../../src/adapters/files/s3.ts'
import { blobsContract } from '../../../src/contracts/store.ts'
import { blobsHarness } from '../../support/blobs.ts'
import { type Swift, startSwift } from '../../support/swift.ts'

describe('a store of others that speaks S3', () => {
  let swift: Swift
  beforeAll(async () => {
    swift = await startSwift()
  }, 120_000)
  afterAll(() => swift?.stop())

  blobsContract('Swift', async (count) => {
    const options = await swift.bucket()
    return blobsHarness(Array.from({ length: count }, () => s3Blobs(options)))
  })

  blobsContract('Swift, in a folder of the bucket', async (count) => {
    const options = await swift.bucket()
    return blobsHarness(Array.from({ length: count }, () => s3Blobs({ ...options, bucket: `${options.bucket}/some/folder/` })))
  })

  it('serves the bytes at signed addresses, as they say and not otherwise', async () => {
    const blobs = s3Blobs(await swift.bucket())
    const { receive, close } = await blobsHarness([blobs])
    const received = await receive(Buffer.from('bytes'))
    await blobs.keep(received)
    const disposition = `attachment; filename="x.txt"; filename*=UTF-8''%D1%8F%20(1).txt`
    const serving = { variant: undefined, type: 'text/plain', disposition, lasts: 60_000 }
    const address = await blobs.address!(createHash('sha256').update('bytes').digest('hex'), serving)
    const response = await fetch(address)
    expect([response.status, await response.text()]).toEqual([200, 'bytes'])
    expect([response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual(['text/plain', disposition])
    expect((await fetch(address.replace('text', 'html'))).status).toBe(403)
    await close()
  })

  it('lets nobody in with a wrong secret', async () => {
    const options = await swift.bucket()
    await expect(s3Blobs({ ...options, secret: 'wrong' }).open('0'.repeat(64))).rejects.toThrow('403')
  })
})
