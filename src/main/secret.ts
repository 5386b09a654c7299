import { chmod, link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const NAME = 'jwt-secret'

/** Where a secret is kept that nobody gave: the first one wins, for all processes that start at once. */
export interface SecretPlace {
  keep(secret: string): Promise<string>
}

/** In a file that nobody else may read. It appears with its whole content or not at all. */
export const secretFile = (file: string): SecretPlace => ({
  async keep(secret) {
    const kept = await read(file)
    if (kept !== undefined) return kept
    await mkdir(dirname(file), { recursive: true })
    const draft = `${file}.${secret.slice(0, 8)}`
    await writeFile(draft, `${secret}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      await link(draft, file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      })
    } finally {
      await unlink(draft)
    }
    return (await read(file))!
  },
})

async function read(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const secret = text.trim()
  if (Buffer.byteLength(secret) < 32)
    throw new Error(`${file} holds no secret of at least 32 bytes: remove it, and everybody signs in again`)
  await chmod(file, 0o600)
  return secret
}

/** In the settings of a store. */
export const secretSetting = (settings: { keep(key: string, value: string): Promise<string> }): SecretPlace => ({
  keep: (secret) => settings.keep(NAME, secret),
})

/** For as long as the process lives. */
export const noPlace: SecretPlace = { keep: async (secret) => secret }
