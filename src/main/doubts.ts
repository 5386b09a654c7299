import { type Config, type Environment, settingNames } from './config.ts'

const LOOPBACK = /^(localhost|127\.[\d.]+|::1)$/

/** Settings that can be used and are probably not what the operator wants. Each says what follows from it. */
export const doubtsAbout = (config: Config, environment: Environment): readonly string[] => [
  ...misspelt(environment),
  ...combinations.filter(({ holds }) => holds(config)).map(({ says }) => says),
]

const isPublic = ({ host, publicUrl }: Config): boolean =>
  !LOOPBACK.test(host) || (publicUrl !== undefined && !LOOPBACK.test(new URL(publicUrl).hostname))

const combinations: readonly { holds(config: Config): boolean; readonly says: string }[] = [
  {
    holds: (config) => !config.rateLimits && isPublic(config),
    says: 'RATE_LIMITS=off on a public address: passwords can be guessed and the service flooded without limit',
  },
  {
    holds: (config) => config.demo && isPublic(config),
    says: 'DEMO=on on a public address: anybody can sign in as user1 … user5, whose password is known, or as a guest',
  },
  {
    holds: ({ publicUrl, trustedProxies }) => publicUrl?.startsWith('https:') === true && trustedProxies === 0,
    says: 'PUBLIC_URL is https and TRUST_PROXY=off: if a proxy ends TLS, all clients share its address and its limits; set TRUST_PROXY',
  },
  {
    holds: ({ publicUrl }) => publicUrl?.startsWith('http:') === true && !LOOPBACK.test(new URL(publicUrl).hostname),
    says: 'PUBLIC_URL is http: passwords and messages are readable on their way',
  },
  {
    holds: ({ trustedProxies, host, publicUrl }) => trustedProxies > 0 && !LOOPBACK.test(host) && publicUrl === undefined,
    says: 'TRUST_PROXY is on and HOST is not loopback: who reaches this port without the proxy may claim any address',
  },
  {
    holds: ({ allowedOrigins }) => allowedOrigins.includes('*') && allowedOrigins.length > 1,
    says: 'ALLOWED_ORIGINS lists * beside others: * allows every origin',
  },
  {
    holds: (config) => isPublic(config) && config.databaseUrl.startsWith('postgres') && config.jwtSecret === undefined,
    says: 'JWT_SECRET is not set: the secret that signs tokens is in the database and in its backups; set JWT_SECRET_FILE',
  },
  {
    holds: ({ databaseUrl }) => /^(sqlite::)?memory:$/.test(databaseUrl),
    says: 'DATABASE_URL is memory: everything is deleted when this process ends',
  },
]

/** Names that short are near too many others. */
const COMPARED_FROM = 6
const NEAR = 2

function misspelt(environment: Environment): readonly string[] {
  const known = settingNames.filter((name) => name.length >= COMPARED_FROM)
  return Object.keys(environment)
    .filter((name) => !settingNames.includes(name))
    .flatMap((name) => {
      const meant = known.find((other) => distance(name.toUpperCase(), other) <= NEAR)
      return meant === undefined ? [] : [`${name} is no setting and is ignored; is ${meant} meant?`]
    })
}

/** Changes of one character that make one text of another (Levenshtein). Counts no further than it matters. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > NEAR) return NEAR + 1
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < other.length; j++) next.push(Math.min(row[j]! + (one[i] === other[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1))
    row = next
  }
  return row.at(-1)!
}
