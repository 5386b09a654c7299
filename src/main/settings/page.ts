import { existsSync } from 'node:fs'
import { z } from 'zod'
import { isOrigin, isUrl, listed, type Setting } from './setting.ts'

/** What an operator decides about pages in browsers, theirs and ours. */
export interface PageConfig {
  /** Besides one's own. `*` is every origin. */
  readonly allowedOrigins: readonly string[]
  /** Without a slash at the end. */
  readonly publicUrl: string | undefined
  /** The module with the drawings of the operator's own kinds of messages. */
  readonly pageKinds: string | undefined
}

/** The settings of pages in browsers. */
export const pageSettings = {
  allowedOrigins: {
    name: 'ALLOWED_ORIGINS',
    schema: z
      .string()
      .transform((text) => listed(text).map((origin) => origin.replace(/\/$/, '')))
      .pipe(z.array(z.string().refine(isOrigin, 'lists origins, separated by commas: scheme, host and port, nothing after them'))),
    fallback: '',
    example: 'https://chat.example.com,http://localhost:5173',
    meaning: 'Origins besides the server’s own whose pages may call and open sockets; `*` is every origin.',
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    schema: z
      .string()
      .refine((text) => isUrl(text, /^https?:\/\/./), 'is the http:// or https:// address at which people reach this server')
      .transform((text) => text.replace(/\/+$/, '')),
    example: 'https://chat.example.com',
    meaning: 'The address at which clients reach the server.',
  },
  pageKinds: {
    name: 'PAGE_KINDS',
    schema: z.string().refine((file) => existsSync(file), 'is the path of a JavaScript module'),
    example: './kinds.js',
    meaning: 'A module for the page that draws messages of your own kinds.',
  },
} as const satisfies Readonly<Record<keyof PageConfig, Setting>>
