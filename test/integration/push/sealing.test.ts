import { createECDH, randomBytes } from 'node:crypto'
import { threadId } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { type Sealing, sealing } from '../../../src/adapters/push/sealing.ts'
import { pushService } from '../../support/push-service.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
function sealer(...given: Parameters<typeof sealing>): Sealing {
  const one = sealing(...given)
  closers.push(one.close)
  return one
}

const browser = createECDH('prime256v1')
browser.generateKeys()
const keys = { p256dh: browser.getPublicKey().toString('base64url'), auth: randomBytes(16).toString('base64url') }
const plain = Buffer.from('{"type":"read"}')

/** A thread that answers with its number. */
const numbering = `import { parentPort, threadId } from 'node:worker_threads'
parentPort.on('message', ({ id }) => parentPort.postMessage({ id, sealed: new Uint8Array([threadId]) }))`
const NUMBERED = new URL(`data:text/javascript,${encodeURIComponent(numbering)}`)

describe('encryption on another thread', () => {
  it('is what the browser reads', async () => {
    const service = await pushService()
    closers.push(service.close)
    const { seal } = sealer()
    const body = await seal(Buffer.from('{"text":"привет"}'), service.subscription.keys)
    await fetch(service.subscription.endpoint, { method: 'POST', body: new Uint8Array(body) })
    expect(service.messages()).toEqual([{ text: 'привет' }])
  })

  it('leaves this thread alone: all goes to the other one', async () => {
    const { seal } = sealer(NUMBERED)
    const numbers = (await Promise.all(Array.from({ length: 20 }, () => seal(plain, keys)))).map((sealed) => [...sealed])
    expect(new Set(numbers.map(String)).size).toBe(1)
    expect(numbers[0]).toHaveLength(1)
    expect(numbers[0]).not.toEqual([threadId])
  })

  it('refuses keys that are none, and goes on', async () => {
    const { seal } = sealer()
    await expect(seal(plain, { ...keys, p256dh: 'AAAA' })).rejects.toThrow('encrypted')
    await expect(seal(plain, keys)).resolves.toBeInstanceOf(Buffer)
  })

  it('takes so many at once and no more', async () => {
    const { seal } = sealer()
    const all = await Promise.allSettled(Array.from({ length: 1_001 }, () => seal(plain, keys)))
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1)
  })

  it('happens here where no thread can begin', async () => {
    const { seal } = sealer(new URL('data:text/javascript,throw new Error("no")'))
    await expect(seal(plain, keys)).rejects.toThrow('ended')
    await expect(seal(plain, keys)).resolves.toBeInstanceOf(Buffer)
  })

  it('ends with the service: nothing that was under way is left waiting', async () => {
    const { seal, close } = sealing()
    await seal(plain, keys)
    const last = seal(plain, keys)
    await Promise.all([expect(last).rejects.toThrow('ended'), close()])
    await expect(seal(plain, keys)).rejects.toThrow('under way')
  })
})
