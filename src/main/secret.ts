import { chmod, link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Settings } from '../adapters/mikro-orm/database/settings.ts'

const NAME = 'jwt-secret'

/** Where a secret is kept that nobody gave: the first one wins, for all processes that start at once. */
export interface SecretPlace {
  /** Keeps a secret unless one is there, and answers what is there: one secret, or two on a line each, of which the first signs. */
  keep(secret: string): Promise<string>
  /** Replaces what is there. */
  replace(secrets: string): Promise<void>
}

/** The secrets of a text: the first one signs, all are taken. */
export const secretsOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** Whether a text holds one secret or two, each of at least 32 bytes. */
export function areSecrets(text: string): boolean {
  const secrets = secretsOf(text)
  return [1, 2].includes(secrets.length) && secrets.every((secret) => Buffer.byteLength(secret) >= 32)
}

/** Adds a secret that is taken and does not sign yet, in place of an earlier second one. */
export const withNext = (text: string, next: string): string => [secretsOf(text)[0]!, next].join('\n')

/** Lets the second secret sign; undefined if there is none. */
export function withNextInUse(text: string): string | undefined {
  const [current, next] = secretsOf(text)
  return next === undefined ? undefined : [next, current].join('\n')
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
  async replace(secrets) {
    const draft = `${file}.next`
    await rm(draft, { force: true })
    await writeFile(draft, `${secrets}\n`, { mode: 0o600, flag: 'wx', flush: true })
    await rename(draft, file)
  },
})

async function read(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const secret = text.trim()
  if (!areSecrets(secret)) throw new Error(`${file} holds no secret of at least 32 bytes: remove it, and everybody signs in again`)
  await chmod(file, 0o600)
  return secret
}

/** In the settings of a store. */
export const secretSetting = (settings: Pick<Settings, 'keep' | 'set'>): SecretPlace => ({
  keep: (secret) => settings.keep(NAME, secret),
  replace: (secrets) => settings.set(NAME, secrets),
})

/** For as long as the process lives. */
export const noPlace: SecretPlace = { keep: async (secret) => secret, replace: async () => {} }
