import { z } from 'zod'
import { listed, type Setting } from './setting.ts'

const HOST = /^(\*\.)?[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/i
/** The host of an entry: programs that know only URLs give one. */
const hostOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '')
    .replace(/:\d+$/, '')

/** About notifications on devices. */
export const pushSettings = {
  pushHosts: {
    name: 'PUSH_HOSTS',
    schema: z
      .string()
      .transform((text) => listed(text).map(hostOf))
      .pipe(z.array(z.string().regex(HOST, 'lists hosts, separated by commas'))),
    fallback: '',
    example: 'push.example.com',
    meaning:
      'Hosts of push services besides those of Google, Mozilla, Microsoft and Apple; `*.` before a name is every host below it. Only hosts of this machine may use `http:` or a port.',
  },
  pushContact: {
    name: 'PUSH_CONTACT',
    schema: z.string().regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'is a mailto: or https: address'),
    example: 'mailto:admin@example.com',
    meaning: 'Where push services reach the operator; `PUBLIC_URL` if absent.',
  },
} as const satisfies Readonly<Record<string, Setting>>
