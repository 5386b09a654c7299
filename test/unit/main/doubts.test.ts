import { describe, expect, it } from 'vitest'
import { type Config, defaultConfig } from '../../../src/main/config.ts'
import { doubtsAbout } from '../../../src/main/doubts.ts'

const about = (settings: Partial<Config>) => doubtsAbout({ ...defaultConfig(), ...settings }, {})

describe('settings that are probably a mistake', () => {
  it.each([
    ['RATE_LIMIT', 'RATE_LIMITS'],
    ['JWT_SECERT', 'JWT_SECRET'],
    ['jwt_secret', 'JWT_SECRET'],
    ['JWT_SECRET_FLE', 'JWT_SECRET_FILE'],
    ['PUBLIC_URI', 'PUBLIC_URL'],
    ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
  ])('are names near ours: %s', (name, meant) => {
    expect(doubtsAbout(defaultConfig(), { [name]: 'x' })).toEqual([`${name} is no setting and is ignored; is ${meant} meant?`])
  })

  it('are not the names of others', () => {
    const others = [
      'PATH',
      'HOME',
      'HOSTNAME',
      'LANG',
      'LC_ALL',
      'SHELL',
      'TERM',
      'USER',
      'PWD',
      'POSTGRES_PASSWORD',
      'NODE_ENV',
      'NO_COLOR',
    ]
    const ours = ['HOST', 'PORT', 'DEMO', 'JWT_SECRET_FILE', 'RATE_LIMITS']
    expect(doubtsAbout(defaultConfig(), Object.fromEntries([...others, ...ours].map((name) => [name, 'x'])))).toEqual([])
  })

  it.each<[string, Partial<Config>]>([
    ['RATE_LIMITS=off', { rateLimits: false, host: '0.0.0.0' }],
    ['DEMO=on', { demo: true, publicUrl: 'https://chat.example.com', trustedProxies: 1 }],
    ['TRUST_PROXY=off', { publicUrl: 'https://chat.example.com' }],
    ['PUBLIC_URL is http:', { publicUrl: 'http://chat.example.com' }],
    ['TRUST_PROXY is on', { trustedProxies: 1, host: '0.0.0.0' }],
    ['ALLOWED_ORIGINS', { allowedOrigins: ['*', 'https://a.example'] }],
    ['DATABASE_URL is memory', { databaseUrl: 'memory:' }],
    ['JWT_SECRET is not set', { databaseUrl: 'postgres://db/windi', host: '0.0.0.0' }],
  ])('are combinations: %s', (beginning, settings) => {
    const doubts = about(settings)
    expect(doubts).toHaveLength(1)
    expect(doubts[0]).toContain(beginning)
  })

  it('are none of the defaults, nor those of a proxied service', () => {
    expect(about({})).toEqual([])
    expect(about({ rateLimits: false, demo: true, publicUrl: 'http://localhost:8000' })).toEqual([])
    expect(
      about({ publicUrl: 'https://chat.example.com', trustedProxies: 1, databaseUrl: 'postgres://db/windi', jwtSecret: 'x'.repeat(32) }),
    ).toEqual([])
  })
})
