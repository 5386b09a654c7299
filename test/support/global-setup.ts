import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'
import './databases.ts'

/** One Postgres for the whole run: that of `TEST_POSTGRES_URL`, else one of our own. */
export default async function setup({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env.TEST_POSTGRES_URL
  if (running) {
    provide('postgresUrl', running)
    return undefined
  }
  const postgres = await startPostgres()
  provide('postgresUrl', postgres.url)
  return postgres.remove
}
