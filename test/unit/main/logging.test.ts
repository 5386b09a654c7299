import { describe, expect, it } from 'vitest'
import { logging } from '../../../src/main/logging.ts'

function lines(isPretty: boolean) {
  const written: string[] = []
  return { written, log: logging({ level: 'info', isPretty, write: (line) => written.push(line) }) }
}

describe('the log', () => {
  it('is JSON for machines, one line for each thing', () => {
    const { log, written } = lines(false)
    log.info({ url: 'http://127.0.0.1:8000' }, 'serving')
    log.debug('not at this level')
    expect(written).toHaveLength(1)
    expect(JSON.parse(written[0]!)).toEqual({ level: 30, time: expect.any(String), url: 'http://127.0.0.1:8000', msg: 'serving' })
  })

  it.each([false, true])('holds neither secrets nor texts (for people: %s)', (isPretty) => {
    const { log, written } = lines(isPretty)
    const error = Object.assign(new Error('broken'), { parameters: ['hunter2'], detail: 'Key (email)=(hunter2) exists', code: '23505' })
    log.info(
      { password: 'hunter2', body: { text: 'hunter2', access_token: 'hunter2' }, request: { headers: { authorization: 'hunter2' } } },
      'x',
    )
    log.error({ err: error }, 'y')
    expect(written.join('')).not.toContain('hunter2')
    expect(written.join('')).toContain('broken')
  })

  it('is readable on a terminal, with the stack of an error', () => {
    const { log, written } = lines(true)
    log.warn({ chats: 3, name: 'x' }, 'slow')
    log.error({ err: new Error('broken') }, 'failed')
    expect(written[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}slow chats=3 name=x\n$/)
    expect(written[1]).toMatch(/error failed\s*\n {4}Error: broken\n {4}.* at /)
  })
})
