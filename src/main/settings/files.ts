import { z } from 'zod'
import { FILE_LIMIT } from '../../domain/filing.ts'
import { onOff, type Setting } from './setting.ts'

/** Where the bytes of files are kept. */
export type FilePlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 's3'; readonly bucket: string }
  | { readonly kind: 'memory' | 'off' }

/** What an operator decides about files. */
export interface FileConfig {
  /** Undefined: beside the database. */
  readonly files: FilePlace | undefined
  /** Bytes. */
  readonly fileLimit: number
  readonly fileQuota: number
  readonly fileRedirect: boolean
  readonly fileScan: { readonly host: string; readonly port: number } | undefined
  readonly s3Key: string | undefined
  readonly s3Secret: string | undefined
  readonly s3Region: string
}

const SIZES: Readonly<Record<string, number>> = { '': 1, 'KiB': 1_024, 'MiB': 1_048_576, 'GiB': 1_073_741_824 }

/** A number of bytes, with a unit if wanted. */
const bytes = z.string().transform((text, check) => {
  const [, amount, unit] = /^(\d{1,15})(|KiB|MiB|GiB)$/.exec(text) ?? []
  const size = Number(amount) * (SIZES[unit ?? '?'] ?? Number.NaN)
  if (size >= 1 && size <= Number.MAX_SAFE_INTEGER) return size
  check.addIssue('is a number of bytes, or with KiB, MiB or GiB')
  return z.NEVER
})

const placeRule = 'is file:FOLDER, s3:https://HOST/BUCKET, memory: or off'
const place = z.string().transform((text, check): FilePlace => {
  const [, folder] = /^file:([^\0]+)$/.exec(text) ?? []
  const [, bucket] = /^s3:(https?:\/\/[^/\s?#@]+\/[^/\s?#]+[^\s?#]*)$/.exec(text) ?? []
  if (folder !== undefined) return { kind: 'folder', folder }
  if (bucket !== undefined && URL.canParse(bucket)) return { kind: 's3', bucket }
  if (text === 'off') return { kind: 'off' }
  if (text === 'memory:') return { kind: 'memory' }
  check.addIssue(placeRule)
  return z.NEVER
})

const scanner = z.string().transform((text, check) => {
  const [, host, port] = /^clamd:(\[[^\]\s]+\]|[^\s/:]+):(\d{1,5})$/.exec(text) ?? []
  if (host !== undefined && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  check.addIssue('is clamd:HOST:PORT')
  return z.NEVER
})

const visible = z.string().regex(/^[\x21-\x7e]+$/, 'is made of visible ASCII characters without blanks')

/** The settings of files. */
export const fileSettings = {
  files: {
    name: 'FILES',
    schema: place,
    example: 's3:https://s3.example.com/chat',
    meaning:
      'Where uploaded files are kept: `file:FOLDER`, `s3:https://HOST/BUCKET`, or `off`. If absent, `files` beside the database file, `data/files` with Postgres. Processes on one database share one place.',
  },
  fileLimit: {
    name: 'FILE_LIMIT',
    schema: bytes,
    fallback: `${FILE_LIMIT / 1_048_576}MiB`,
    example: '25MiB',
    meaning: 'Bytes of one file, at most.',
  },
  fileQuota: {
    name: 'FILE_QUOTA',
    schema: bytes,
    fallback: '2GiB',
    example: '500MiB',
    meaning: 'Bytes of all files of one user, at most.',
  },
  fileRedirect: {
    name: 'FILE_REDIRECT',
    schema: onOff,
    fallback: 'off',
    example: 'on',
    meaning: '`on`: clients read files from the bucket itself, at addresses that end.',
  },
  fileScan: {
    name: 'FILE_SCAN',
    schema: scanner,
    example: 'clamd:localhost:3310',
    meaning: 'A malware scanner that every file passes. Files are refused while it is away.',
  },
  s3Key: { name: 'S3_KEY', schema: visible, example: 'AKIA…', meaning: 'The access key of the bucket.', isSecret: true },
  s3Secret: { name: 'S3_SECRET', schema: visible, example: '"$(cat s3-secret)"', meaning: 'The secret key of the bucket.', isSecret: true },
  s3Region: { name: 'S3_REGION', schema: visible, fallback: 'us-east-1', example: 'eu-central-1', meaning: 'The region of the bucket.' },
} as const satisfies Readonly<Record<keyof FileConfig, Setting>>
