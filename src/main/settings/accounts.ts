import { z } from 'zod'
import { duration, isUrl, type Setting } from './setting.ts'

/** Settings of sessions and mail. */
export const accountSettings = {
  sessionTtl: {
    name: 'SESSION_TTL',
    schema: duration,
    fallback: '3650d',
    example: '90d',
    meaning: 'How long a session lasts in all: then users sign in again, however active they were.',
  },
  mailUrl: {
    name: 'MAIL_URL',
    schema: z.string().refine((text) => isUrl(text, /^smtps?:\/\/./), 'is an smtp:// or smtps:// address'),
    example: 'smtps://user:password@mail.example.com',
    meaning: 'The mail server. With it, email addresses are verified, passwords recovered, and users told of new sign-ins.',
    isSecret: true,
  },
  mailFrom: {
    name: 'MAIL_FROM',
    schema: z.string().regex(/^([^<>\r\n]+ <[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, 'is an address, or a name with an address in <>'),
    example: '"Chat <chat@example.com>"',
    meaning: 'The sender of mails; needed with `MAIL_URL`.',
  },
} satisfies Readonly<Record<string, Setting>>
