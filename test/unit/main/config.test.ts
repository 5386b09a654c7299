import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, describe as suite } from 'vitest'
import { type Config, defaultConfig, describe, type Environment, readConfig } from '../../../src/main/config.ts'
import { tempFolder } from '../../support/places.ts'

function config(environment: Environment): Config {
  const read = readConfig(environment)
  if ('mistakes' in read) throw new Error(describe(read.mistakes))
  return read.config
}

function mistakes(environment: Environment) {
  const read = readConfig(environment)
  return 'mistakes' in read ? read.mistakes : []
}

const SECRET = 'a secret of at least thirty-two bytes'

const fileDefaults = { fileLimit: 104_857_600, fileQuota: 2_147_483_648, fileRedirect: false, s3Region: 'us-east-1' }

suite('settings', () => {
  it('have the defaults of the contract', () => {
    expect(config({})).toEqual({ ...defaultConfig(), metricsListen: { host: '127.0.0.1', port: 9_464 } })
    expect(defaultConfig()).toEqual({
      host: '127.0.0.1',
      port: 8_000,
      databaseUrl: 'sqlite:data/windi-chat.db',
      redisUrl: undefined,
      natsUrl: undefined,
      databaseSchema: undefined,
      databasePrefix: undefined,
      jwtSecret: undefined,
      accessTtl: 900_000,
      refreshTtl: 2_592_000_000,
      sessionTtl: 3_650 * 86_400_000,
      mailUrl: undefined,
      mailFrom: undefined,
      allowedOrigins: [],
      trustedProxies: 0,
      publicUrl: undefined,
      rateLimits: true,
      directory: 'open',
      demo: false,
      guests: false,
      guestTtl: 2_592_000_000,
      groupLimit: 5_000,
      issuers: [],
      pushHosts: [],
      pushContact: undefined,
      tracesUrl: undefined,
      tracesShare: 1,
      metricsToken: undefined,
      metricsListen: undefined,
      logLevel: 'info',
      ...fileDefaults,
    })
  })

  it('are read from the environment', () => {
    const environment = {
      HOST: '0.0.0.0',
      PORT: '0',
      DATABASE_URL: 'postgres://windi:word@db/windi?sslmode=require',
      DATABASE_SCHEMA: 'chat',
      DATABASE_PREFIX: 'chat_',
      REDIS_URL: 'redis://redis:6379',
      NATS_URL: 'nats://one:4222,tls://two:4222',
      JWT_SECRET: SECRET,
      ACCESS_TOKEN_TTL: '30s',
      REFRESH_TOKEN_TTL: '12h',
      ALLOWED_ORIGINS: 'https://chat.example.com, http://localhost:5173/',
      TRUST_PROXY: '2',
      PUBLIC_URL: 'https://chat.example.com/',
      RATE_LIMITS: 'off',
      DIRECTORY: 'exact',
      DEMO: 'ON',
      GUESTS: 'on',
      GUEST_TTL: '7d',
      MESSAGE_TTL: '365d',
      GROUP_LIMIT: '20000',
      PUSH_HOSTS: 'push.example.com, http://127.0.0.1:9000',
      PUSH_CONTACT: 'mailto:admin@example.com',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
      ISSUERS: '[{"issuer":"https://id.example.com","audience":"chat","prefix":"idp:"}]',
      METRICS_TOKEN: 'abc',
      METRICS_LISTEN: '[::1]:9000',
      LOG_LEVEL: 'debug',
    }
    expect(config(environment)).toEqual({
      host: '0.0.0.0',
      port: 0,
      databaseUrl: 'postgres://windi:word@db/windi?sslmode=require',
      databaseSchema: 'chat',
      databasePrefix: 'chat_',
      redisUrl: 'redis://redis:6379',
      natsUrl: 'nats://one:4222,tls://two:4222',
      jwtSecret: SECRET,
      accessTtl: 30_000,
      refreshTtl: 43_200_000,
      sessionTtl: 3_650 * 86_400_000,
      mailUrl: undefined,
      mailFrom: undefined,
      allowedOrigins: ['https://chat.example.com', 'http://localhost:5173'],
      trustedProxies: 2,
      publicUrl: 'https://chat.example.com',
      rateLimits: false,
      directory: 'exact',
      demo: true,
      guests: true,
      guestTtl: 604_800_000,
      messageTtl: 31_536_000_000,
      groupLimit: 20_000,
      issuers: [{ issuer: 'https://id.example.com', audience: 'chat', jwksUrl: undefined, prefix: 'idp:' }],
      pushHosts: ['push.example.com', '127.0.0.1'],
      pushContact: 'mailto:admin@example.com',
      tracesUrl: 'http://localhost:4318',
      tracesShare: 0.1,
      metricsToken: 'abc',
      metricsListen: { host: '::1', port: 9_000 },
      logLevel: 'debug',
      ...fileDefaults,
    })
  })

  it('of files are read from the environment', () => {
    const environment = {
      FILES: 's3:https://s3.example.com/chat/files',
      FILE_LIMIT: '25MiB',
      FILE_QUOTA: '1000',
      FILE_REDIRECT: 'on',
      FILE_SCAN: 'clamd:localhost:3310',
      S3_KEY: 'key',
      S3_SECRET: 'word',
      S3_REGION: 'eu',
    }
    expect(config(environment)).toMatchObject({
      files: { kind: 's3', bucket: 'https://s3.example.com/chat/files' },
      fileLimit: 26_214_400,
      fileQuota: 1_000,
      fileRedirect: true,
      fileScan: { host: 'localhost', port: 3_310 },
      s3Key: 'key',
      s3Secret: 'word',
      s3Region: 'eu',
    })
    expect(config({ FILES: 'file:/var/lib/files' }).files).toEqual({ kind: 'folder', folder: '/var/lib/files' })
    expect(config({ FILES: 'off' }).files).toEqual({ kind: 'off' })
  })

  it('that are empty or unknown count as absent', () => {
    expect(config({ REDIS_URL: '', PORT: ' ', WINDI_COLOUR: 'blue', METRICS_LISTEN: 'off' })).toEqual(defaultConfig())
  })

  it.each(['sqlite::memory:', 'sqlite:chat.db', 'sqlite:/var/lib/chat.db', 'postgresql://localhost/windi', 'memory:'])(
    'take %s for a database',
    (url) => {
      expect(config({ DATABASE_URL: url }).databaseUrl).toBe(url)
    },
  )

  it.each([
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['HOST', 'a b'],
    ['DATABASE_URL', 'mysql://localhost/windi'],
    ['DATABASE_URL', 'sqlite:'],
    ['REDIS_URL', 'localhost:6379'],
    ['NATS_URL', 'localhost:4222'],
    ['JWT_SECRET', 'short'],
    ['ACCESS_TOKEN_TTL', '15'],
    ['ACCESS_TOKEN_TTL', '0m'],
    ['REFRESH_TOKEN_TTL', '99999d'],
    ['REFRESH_TOKEN_TTL', '5m'],
    ['ALLOWED_ORIGINS', 'chat.example.com'],
    ['ALLOWED_ORIGINS', 'https://chat.example.com/page'],
    ['TRUST_PROXY', 'maybe'],
    ['PUBLIC_URL', 'chat.example.com'],
    ['RATE_LIMITS', 'some'],
    ['DIRECTORY', 'closed'],
    ['DEMO', 'yes please'],
    ['METRICS_TOKEN', 'a b'],
    ['LOG_LEVEL', 'loud'],
    ['JWT_SECRET_FILE', '/nowhere/secret'],
    ['GROUP_LIMIT', '20001'],
    ['GROUP_LIMIT', '1'],
    ['MESSAGE_TTL', 'soon'],
    ['GUEST_TTL', '0d'],
  ])('refuse %s=%s, and say what would do', (name, value) => {
    const found = mistakes({ [name]: value })
    expect(found).toHaveLength(1)
    expect(name.startsWith(found[0]!.setting)).toBe(true)
    expect(found[0]!.example).not.toBe('')
  })

  it('are all complained of at once, with source and example, and secrets are not repeated', () => {
    const told = describe(mistakes({ PORT: 'x', JWT_SECRET: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@db', DEMO: 'maybe' }))
    expect(told).toBe(
      [
        '4 settings cannot be used:',
        '  PORT (environment) is a number from 0 to 65535, not "x"',
        '    for example: PORT=8000',
        '  DATABASE_URL (environment) is sqlite:PATH, sqlite::memory: or postgres://USER@HOST/NAME',
        '    for example: DATABASE_URL=postgres://windi@localhost:5432/windi',
        '  JWT_SECRET (environment) has at least 32 bytes',
        '    for example: JWT_SECRET="$(openssl rand -base64 32)"',
        '  DEMO (environment) is on or off, not "maybe"',
        '    for example: DEMO=on',
      ].join('\n'),
    )
  })

  it('are read from files where they are secrets', async () => {
    await using folder = await tempFolder()
    const file = join(folder.path, 'secret')
    await writeFile(file, `${SECRET}\n`)
    expect(config({ JWT_SECRET_FILE: file }).jwtSecret).toBe(SECRET)
    await writeFile(file, 'short')
    expect(mistakes({ JWT_SECRET_FILE: file })).toMatchObject([{ setting: 'JWT_SECRET', source: `file ${file}` }])
  })

  it('give way to the command line', () => {
    const read = readConfig({ PORT: '9000' }, { port: '9001' })
    expect(read).toMatchObject({ config: { port: 9_001 } })
    expect(readConfig({}, { port: 'x' })).toMatchObject({ mistakes: [{ source: 'command line' }] })
  })
})
