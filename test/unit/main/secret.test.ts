import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newSecret } from '../../../src/adapters/system/random.ts'
import { secretFile, secretsOf, withNext, withNextInUse } from '../../../src/main/secret.ts'
import { tempFolder } from '../../support/places.ts'

it('keeps the first secret, in a file that nobody else may read', async () => {
  await using folder = await tempFolder()
  const file = join(folder.path, 'data', 'chat.secret')
  const first = newSecret()
  expect(await secretFile(file).keep(first)).toBe(first)
  expect(await secretFile(file).keep(newSecret())).toBe(first)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

it('settles on one among many that start at once, and leaves nothing else behind', async () => {
  await using folder = await tempFolder()
  const file = join(folder.path, 'chat.secret')
  const kept = await Promise.all(Array.from({ length: 20 }, () => secretFile(file).keep(newSecret())))
  expect(new Set(kept).size).toBe(1)
  expect((await readFile(file, 'utf8')).trim()).toBe(kept[0])
  expect(await readdir(folder.path)).toEqual(['chat.secret'])
})

it('does not go on with a file that was cut short', async () => {
  await using folder = await tempFolder()
  const file = join(folder.path, 'chat.secret')
  await writeFile(file, 'short')
  await expect(secretFile(file).keep(newSecret())).rejects.toThrow('32 bytes')
})

it('has a next one beside it, which comes into use, in the file as in the text', async () => {
  await using folder = await tempFolder()
  const file = join(folder.path, 'chat.secret')
  const [first, second, third] = [newSecret(), newSecret(), newSecret()]
  const place = secretFile(file)
  await place.keep(first)
  expect(withNextInUse(await place.keep(newSecret()))).toBeUndefined()
  await place.replace(withNext(await place.keep(newSecret()), second))
  expect(secretsOf(await place.keep(newSecret()))).toEqual([first, second])
  await place.replace(withNextInUse(await place.keep(newSecret()))!)
  expect(secretsOf(await place.keep(newSecret()))).toEqual([second, first])
  await place.replace(withNext(await place.keep(newSecret()), third))
  expect(secretsOf(await place.keep(newSecret()))).toEqual([second, third])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(folder.path)).toEqual(['chat.secret'])
})
