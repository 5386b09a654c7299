import { z } from 'zod'
import { isUrl, type Setting } from './setting.ts'

/** How processes hear each other. */
export interface BusConfig {
  readonly redisUrl: string | undefined
  readonly natsUrl: string | undefined
}

/** Settings of the bus between processes. */
export const busSettings = {
  redisUrl: {
    name: 'REDIS_URL',
    schema: z.string().refine((text) => isUrl(text, /^rediss?:\/\/./), 'is a redis:// or rediss:// address'),
    example: 'redis://localhost:6379',
    meaning:
      'A Redis or Valkey for events between processes, presence and shared limits. Without it, processes on one Postgres use Postgres.',
    isSecret: true,
  },
  natsUrl: {
    name: 'NATS_URL',
    schema: z
      .string()
      .refine((text) => text.split(',').every((one) => isUrl(one.trim(), /^(nats|tls):\/\/./)), 'is a nats:// or tls:// address'),
    example: 'nats://localhost:4222',
    meaning:
      'A NATS for events between processes and presence, several addresses of a cluster separated by commas. It counts no limits: Redis does.',
    isSecret: true,
  },
} satisfies Readonly<Record<keyof BusConfig, Setting>>
