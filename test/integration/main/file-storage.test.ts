import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fileStorage } from '../../../src/files.ts'
import { embed } from '../../../src/index.ts'
import { memory } from '../../../src/memory.ts'

const secret = 'a secret of at least 32 characters'

async function* content(text: string) {
  yield new TextEncoder().encode(text)
}

it.each(['memory', 'a folder'])('keeps files of an embedded chat in %s', async (where) => {
  const folder = await mkdtemp(join(tmpdir(), 'file-storage-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const place = where === 'memory' ? 'memory:' : `file:${folder}`
  const chat = embed(memory(), { storage: await fileStorage({ place, secret, limit: 10 }) })
  const anna = await chat.addPerson({ name: 'Anna' })
  const { file } = await chat.api.uploadFile(anna, { name: 'a.txt', bytes: content('Hello') })
  const found = await chat.api.getFileContent(anna, { fileId: file.id })
  let text = ''
  for await (const chunk of (await found.open())!) text += new TextDecoder().decode(chunk)
  expect(text).toBe('Hello')
  await expect(chat.api.uploadFile(anna, { name: 'b.txt', bytes: content('Hello, Boris') })).rejects.toMatchObject({ code: 'too-large' })
  const [address] = await chat.api.getFileUrls(anna, [file.id])
  const signed = chat.api.getSignedContent({ address: '' }, { ...address!.content, signature: 'other' })
  await expect(signed).rejects.toMatchObject({ code: 'file-not-found' })
  expect((await readdir(folder)).length > 0).toBe(where !== 'memory')
  await chat.close()
})

it.each([
  [{ place: 'data/files', secret }, /`place` is file:FOLDER/],
  [{ place: 'off', secret }, /leave `storage` out/],
  [{ place: 'memory:', secret: 'short' }, /`secret` needs at least 32/],
  [{ place: 'memory:', secret, scan: 'localhost' }, /`scan` is clamd:HOST:PORT/],
])('says what is wrong with its options: %#', async (options, words) => {
  await expect(fileStorage(options)).rejects.toThrow(words)
})
