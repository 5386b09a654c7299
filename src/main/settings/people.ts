import { z } from 'zod'
import type { Issuer } from '../../adapters/issuers/issuer.ts'
import { GROUP_LIMIT, GROUP_LIMIT_MAX } from '../../domain/chat.ts'
import type { Duration } from '../../domain/ids.ts'
import { duration, onOff, type Setting } from './setting.ts'

export type { Issuer }

const isLoopback = ({ hostname }: URL) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/** An https address, or http to this machine. */
export const isSafeUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)))
}
const address = z.string().refine(isSafeUrl, 'is an https: address; http: only to this machine')

export const issuerList = z
  .array(
    z
      .strictObject({ issuer: address, audience: z.string().min(1), jwks_url: address.optional(), prefix: z.string().max(64).optional() })
      .transform(({ issuer, audience, jwks_url: jwksUrl, prefix }): Issuer => ({ issuer, audience, jwksUrl, prefix })),
  )
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'names each issuer once')

const issuers = z.string().transform((text, check): readonly Issuer[] => {
  try {
    const parsed = issuerList.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    const { path, message } = parsed.error.issues[0]!
    check.addIssue(`${path.join('.')} ${message}`.trim())
  } catch {
    check.addIssue('is a JSON list of issuers')
  }
  return z.NEVER
})

const groupRule = `is a number from 2 to ${GROUP_LIMIT_MAX}`

/** What the settings of people say. */
export interface PeopleConfig {
  /** Whether anybody may begin as a guest. */
  readonly guests: boolean
  /** How long a guest lasts without use. */
  readonly guestTtl: Duration
  /** How long the texts of messages stay; undefined: for ever. */
  readonly messageTtl?: Duration | undefined
  /** Members of a group, at most. */
  readonly groupLimit: number
  /** Other systems whose tokens let their users in. */
  readonly issuers: readonly Issuer[]
}

/** Settings that say who may come in. */
export const peopleSettings = {
  guests: {
    name: 'GUESTS',
    schema: onOff,
    fallback: 'off',
    example: 'on',
    meaning: '`on`: anybody may begin as a guest, without an account.',
  },
  groupLimit: {
    name: 'GROUP_LIMIT',
    schema: z
      .string()
      .regex(/^\d{1,5}$/, groupRule)
      .transform(Number)
      .refine((members) => members >= 2 && members <= GROUP_LIMIT_MAX, groupRule),
    fallback: String(GROUP_LIMIT),
    example: '500',
    meaning: `Members of a group, at most; up to ${GROUP_LIMIT_MAX.toLocaleString('en')}. A group that has more keeps them.`,
  },
  guestTtl: { name: 'GUEST_TTL', schema: duration, fallback: '30d', example: '30d', meaning: 'How long a guest lasts without use.' },
  messageTtl: {
    name: 'MESSAGE_TTL',
    schema: duration,
    example: '365d',
    meaning: 'How long the texts of messages stay. Older ones are deleted within an hour, with their files. Without it they stay.',
  },
  issuers: {
    name: 'ISSUERS',
    schema: issuers,
    fallback: '[]',
    example: `'[{"issuer":"https://id.example.com","audience":"chat"}]'`,
    meaning:
      'Other systems whose signed tokens (RS256, ES256, EdDSA) let their users in: a JSON list of `issuer`, `audience`, and optionally `jwks_url` and `prefix`, which stands before their user ids.',
  },
} as const satisfies Readonly<Record<string, Setting>>
