import { built } from '../measure/built.ts'
import { answering } from '../measure/child.ts'

/** The whole service in a process of its own. */
const { createServer } = await built('server')

answering({
  start: async ({ databaseUrl, jwtSecret }: { databaseUrl: string; jwtSecret?: string }) => {
    const server = await createServer({ databaseUrl, jwtSecret, port: 0, rateLimits: false })
    return new URL(server.url).port
  },
})
