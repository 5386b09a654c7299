import { limits as rates } from '../../src/adapters/limits/table.ts'
import { limits as sizes } from '../../src/adapters/wire/limits.ts'
import type { LimitKind } from '../../src/application/ports/limiter.ts'
import { settings } from '../../src/main/config.ts'
import { code, head, next, table } from './markdown.ts'

/** What each limit counts, and for whom. */
const counted = {
  'login-address': ['sign-ins', 'address'],
  'recover': ['mails with a code for a new password', 'address'],
  'register': ['registrations and guests', 'address'],
  'refresh': ['refreshes of tokens', 'address'],
  'send': ['messages sent, edited or deleted', 'user'],
  'react': ['reactions and pins', 'user'],
  'connect': ['sockets opened', 'address'],
  'upload': ['uploads', 'user'],
  'create': ['new chats and additions of members', 'user'],
  'work': ['work in points: a page or a read mark 1, a change 2, a new chat 5, a search 20', 'user'],
  'work-network': ['the same work and messages, in points', 'address'],
  'inlet': ['messages to an inlet', 'inlet'],
  'frame': ['other frames in points: `ping` 1, `typing` and `leave_chat` 2, `join_chat` 5', 'user'],
} satisfies Record<LimitKind, readonly [string, string]>

const UNITS: readonly (readonly [number, string])[] = [
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
]

function span(ms: number): string {
  const [length, name] = UNITS.find(([unit]) => ms % unit === 0)!
  return ms === length ? `a ${name}` : `${ms / length} ${name}s`
}

/** Every setting, rate limit and size limit, from their tables. */
export const settingsReference = (): string =>
  [
    head('Settings and limits', 'Which settings are there? Environment variables, all optional; a service without any setting works.'),
    'Invalid settings are reported together, each with an example; the exit status is 78. A secret may also be read from a file: `NAME_FILE`',
    'names it. In code the same settings are options of [`createServer` and `openChat`](server.md); nothing is read from the environment then.\n',
    table(
      ['Variable', 'Option', 'Default', 'Meaning', 'Example'],
      Object.entries(settings).map(([option, { name, fallback, meaning, example, isSecret }]) => [
        `${code(name)}${isSecret ? ` or ${code(`${name}_FILE`)}` : ''}`,
        code(option),
        fallback ? code(fallback) : '–',
        meaning,
        code(example),
      ]),
    ),
    '\n## Limits\n',
    'Exceeding a limit returns 429 `too-many-requests` with `Retry-After`; `RateLimit` and `RateLimit-Policy` say what is left. An IPv6 address counts as its /64. `RATE_LIMITS=off` turns them off, for load tests on your own machine.\n',
    table(
      ['What is counted', 'At most', 'In', 'For each'],
      Object.entries(rates).map(([kind, { times, within }]) => {
        const [what, whom] = counted[kind as LimitKind]
        return [what, times.toLocaleString('en'), span(within), whom]
      }),
    ),
    '\nA user has at most 64 open sockets per process. Processes that share a Redis count sign-ins, passwords, registrations and refreshes',
    'together; the rest each process counts for itself. Behind a proxy set `TRUST_PROXY`; otherwise all clients share one address and its limits.',
    '\n## Sizes\n',
    'Told by `GET /api/v1` and by `hello`. Lengths of text count Unicode code points.\n',
    table(
      ['Limit', 'At most'],
      Object.entries(sizes).map(([name, most]) => [code(name), most.toLocaleString('en')]),
    ),
    next('[deploy](../operate/deploy.md), [command line](cli.md).'),
  ].join('\n')
