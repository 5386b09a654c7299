import { describe, expect, it } from 'vitest'
import { isProblem } from '../../../src/client/index.ts'
import { type AttemptNeeds, attempt } from '../../../src/client/socket/attempt.ts'
import { connection } from '../../../src/client/socket/connection.ts'
import { pendingRequests } from '../../../src/client/socket/requests.ts'
import { openSocket } from '../../../src/client/socket/socket.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'

const HEARTBEAT = 25_000
const hello = { type: 'hello', heartbeat_ms: HEARTBEAT, server_time: new Date(5_000).toISOString() }
const codeOf = (error: unknown) => (isProblem(error) ? error.code : error)
const outcome = (work: Promise<unknown>) =>
  work.then(
    (value) => ['resolved', value],
    (error: unknown) => ['rejected', codeOf(error)],
  )

/** Sockets whose other end a test is. */
function sockets({ isClosable = true } = {}) {
  const all: ReturnType<typeof made>[] = []
  function made(url: string) {
    const sent: { type: string; ref?: string; [name: string]: unknown }[] = []
    const raw = {
      readyState: 1,
      closes: 0,
      send: (text: string) => void sent.push(JSON.parse(text) as { type: string }),
      close() {
        raw.closes++
        if (!isClosable) throw new Error('It never opened')
      },
      onopen: null,
      onerror: null as null | (() => void),
      onmessage: null as null | ((event: { data: unknown }) => void),
      onclose: null as null | ((event: { code?: number }) => void),
    }
    const say = (frame: unknown) => raw.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
    const answer = (type: string, result: object) => say({ type: 'ok', ref: sent.findLast((frame) => frame.type === type)!.ref, result })
    return { url, sent, raw, say, answer }
  }
  function WebSocket(url: string) {
    const one = made(url)
    all.push(one)
    return one.raw
  }
  return { all, WebSocket: WebSocket as never }
}

function opened() {
  const clock = virtualClock(0)
  const { all, WebSocket } = sockets({ isClosable: false })
  const heard: unknown[] = []
  const socket = openSocket('ws://a/ws', WebSocket, clock, {
    greeted: () => heard.push('hello'),
    received: (frame) => heard.push(frame.type),
    ended: (code) => heard.push(code),
  })
  return { clock, heard, socket, ...all[0]! }
}

describe('a socket', () => {
  it('that says nothing at first is given up, and hears nothing after its end', async () => {
    const { clock, heard, say, raw, socket } = opened()
    const { onmessage } = raw
    await clock.advance(14_999)
    expect(heard).toEqual([])
    await clock.advance(1)
    expect([heard, raw.closes, raw.onmessage]).toEqual([[1006], 1, null])
    onmessage!({ data: JSON.stringify(hello) })
    say(hello)
    socket.close()
    socket.probe()
    expect([heard, raw.closes]).toEqual([[1006], 1])
    expect(await outcome(socket.request('ping', {}))).toEqual(['rejected', 'network'])
  })

  it('is lost after two heartbeats of silence, whatever is said keeps it', async () => {
    const { clock, heard, say } = opened()
    say(hello)
    await clock.advance(40_000)
    for (const noise of ['{ broken', 'null', '7', '{}']) say(noise)
    await clock.advance(2 * HEARTBEAT - 1)
    expect(heard).toEqual(['hello'])
    await clock.advance(1)
    expect(heard).toEqual(['hello', 1006])
  })

  it('is asked for a sign of life, which has to come soon', async () => {
    const { clock, heard, say, sent, socket } = opened()
    socket.probe()
    expect(sent).toEqual([])
    say(hello)
    await clock.advance(100)
    socket.probe()
    expect(sent).toMatchObject([{ type: 'ping', ref: expect.any(String) }])
    await clock.advance(1_000)
    say({ type: 'heads', heads: {}, as_of: null })
    await clock.advance(10_000)
    expect(heard).toEqual(['hello', 'heads'])
    socket.probe()
    await clock.advance(4_000)
    socket.probe()
    await clock.advance(4_999)
    expect(heard).toHaveLength(2)
    await clock.advance(1)
    expect(heard.at(-1)).toBe(1006)
  })

  it('has an end with a code, once, which fails what is waiting', async () => {
    const { heard, raw, socket, say, sent } = opened()
    say(hello)
    const asked = [outcome(socket.request('ping', {})), outcome(socket.request('ping', {}))]
    say({ type: 'error', ref: null, problem: { code: 'bad-json', status: 400, title: 'No' } })
    say({ type: 'error', ref: sent[1]!.ref, problem: { code: 'muted', status: 403, title: 'No' } })
    expect(heard).toEqual(['hello', 'error'])
    const { onclose } = raw
    raw.onerror!()
    onclose!({ code: 4409 })
    onclose!({ code: 1000 })
    expect(heard.slice(2)).toEqual([4409])
    expect(await Promise.all(asked)).toEqual([
      ['rejected', 'network'],
      ['rejected', 'muted'],
    ])
    const other = opened()
    other.raw.onclose!({})
    expect(other.heard).toEqual([1006])
  })

  it('that is closed by its client tells nobody, and one that is closing carries nothing', () => {
    const { heard, raw, socket, sent, say } = opened()
    say(hello)
    raw.readyState = 2
    socket.send('leave_chat', { chat_id: 'c' })
    expect(sent).toEqual([])
    socket.close()
    expect([heard, raw.onclose, raw.closes]).toEqual([['hello'], null, 1])
    expect(() => socket.send('leave_chat', { chat_id: 'c' })).toThrow('has ended')
  })
})

describe('requests', () => {
  it('are answered by their ref, in time, and leave nothing behind', async () => {
    const clock = virtualClock(0)
    let late = 0
    const requests = pendingRequests(clock.later, () => late++)
    const refs: string[] = []
    const write = (ref: string) => void refs.push(ref)
    const stop = new AbortController()
    const all = [
      requests.make(write),
      requests.make(write, { withinMs: 100 }),
      requests.make(write, { withinMs: 100, signal: stop.signal }),
    ].map(outcome)
    expect(new Set([...refs, requests.nextRef()]).size).toBe(4)
    requests.resolve(refs[0]!, 'one')
    requests.resolve(refs[0]!, 'again')
    stop.abort('enough')
    await clock.advance(99)
    expect(late).toBe(0)
    await clock.advance(1_000)
    expect(await Promise.all(all)).toEqual([
      ['resolved', 'one'],
      ['rejected', 'timeout'],
      ['rejected', 'enough'],
    ])
    expect([late, requests.reject(refs[1]!, 'too late'), requests.reject('unknown', 'x')]).toEqual([1, false, false])
    const failing = requests.make(() => {
      throw new Error('cannot be sent')
    })
    await expect(failing).rejects.toThrow('cannot be sent')
    await expect(requests.make(write, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    expect(refs).toHaveLength(3)
    const last = [requests.make(write), requests.make(write)].map(outcome)
    expect(requests.reject(refs[3]!, 'refused')).toBe(true)
    requests.rejectAll('over')
    expect(await Promise.all(last)).toEqual([
      ['rejected', 'refused'],
      ['rejected', 'over'],
    ])
  })
})

function attempting(more: Partial<AttemptNeeds> = {}, refused?: string) {
  const clock = virtualClock(0)
  const { all, WebSocket } = sockets()
  const heard: unknown[] = []
  const tokens: unknown[] = []
  const needs = {
    url: 'https://chat.example.org/',
    deviceId: 'desk',
    platform: { ...clock, WebSocket } as never,
    getToken: async (spent: unknown) => (tokens.push(spent), `token ${tokens.length}`),
    resumeFrom: () => ({ cursors: {} }),
    resumed: () => heard.push('resumed'),
    receive: (frame: { type: string }) => {
      if (frame.type === 'typing') throw new Error('cannot be read')
      heard.push(frame.type)
    },
    report: (_: unknown, during: string) => heard.push(during),
    ...more,
  } as AttemptNeeds
  const told =
    (name: string) =>
    (...what: readonly unknown[]) =>
      void heard.push([name, ...what])
  const one = attempt(needs, refused, {
    authorized: told('authorized'),
    online: told('online'),
    draining: told('draining'),
    failed: told('failed'),
    stopped: told('stopped'),
    ended: told('ended'),
  })
  const settle = () => clock.advance(0)
  /** Up to the answer to `authorize`; the clock of the service is five seconds ahead. */
  const authorized = async (lifeMs: number) => {
    await settle()
    all[0]!.say(hello)
    await settle()
    all[0]!.answer('authorize', { user_id: 'ann', session_id: 's', expires_at: new Date(5_000 + lifeMs).toISOString() })
    await settle()
  }
  return { clock, all, heard, tokens, one, settle, authorized }
}

describe('an attempt to be online', () => {
  it('authenticates, resumes, and tells what it hears', async () => {
    const { all, heard, tokens, settle, authorized, one } = attempting({}, 'refused')
    expect(one.socket()).toBeUndefined()
    await authorized(60_000)
    expect([all[0]!.url, tokens, one.token()]).toEqual([
      'wss://chat.example.org/api/v1/ws',
      [{ token: 'refused', reason: 'refused' }],
      'token 1',
    ])
    expect(all[0]!.sent).toMatchObject([
      { type: 'authorize', token: 'token 1', device_id: 'desk' },
      { type: 'resume', cursors: {} },
    ])
    all[0]!.answer('resume', {})
    await settle()
    expect(heard).toEqual([['authorized', 'ann'], 'resumed', ['online']])
    heard.length = 0
    for (const frame of [{ type: 'gap' }, { type: 'typing' }, { type: 'reconnect', after_ms: 7 }]) all[0]!.say(frame)
    for (const status of [400, 401]) all[0]!.say({ type: 'error', ref: null, problem: { code: 'x', status, title: '' } })
    expect(heard).toEqual(['gap', 'receiving typing', ['draining', 7], 'a frame without a ref'])
    one.end()
    heard.length = 0
    all[0]!.say({ type: 'gap' })
    expect([heard, all[0]!.raw.closes]).toEqual([[], 1])
  })

  it('renews its token when four fifths of its life are over, by the clock of the service', async () => {
    const { all, clock, tokens, authorized, one, settle } = attempting({ deviceId: undefined })
    await authorized(100_000)
    expect(all[0]!.sent[0]).not.toHaveProperty('device_id')
    all[0]!.answer('resume', {})
    for (let times = 0; times < 3; times++) {
      await clock.advance(26_000)
      all[0]!.say({ type: 'heads', heads: {}, as_of: null })
    }
    await clock.advance(1_999)
    expect(tokens).toHaveLength(1)
    await clock.advance(1)
    expect([tokens[1], one.token()]).toEqual([{ token: 'token 1', reason: 'expired' }, 'token 2'])
    expect(all[0]!.sent.at(-1)).toMatchObject({ type: 'authorize', token: 'token 2' })
    all[0]!.answer('authorize', { user_id: 'ann', session_id: 's', expires_at: new Date(5_000 + 80_000).toISOString() })
    await settle()
    await clock.advance(999)
    expect(tokens).toHaveLength(2)
    await clock.advance(1)
    expect(tokens).toHaveLength(3)
    one.end()
    await clock.advance(600_000)
    expect(tokens).toHaveLength(3)
  })

  it('fails where no token is to be had, and stops where nobody is signed in or there is no socket', async () => {
    const refusing = (code: string, status: number) => async () => {
      throw Object.assign(new Error(code), { name: 'ProblemError', code, status, problem: { code, status } })
    }
    const ends = async (more: Partial<AttemptNeeds>) => {
      const { heard, settle } = attempting(more)
      await settle()
      return heard
    }
    expect(await ends({ getToken: refusing('network', 0) })).toEqual([['failed']])
    expect(await ends({ getToken: refusing('signed-out', 0) })).toEqual([['stopped', 'signed-out']])
    expect(await ends({ getToken: refusing('session-ended', 401) })).toEqual([['stopped', 'signed-out']])
    function Refusing() {
      throw new Error('not from here')
    }
    expect(await ends({ platform: { ...virtualClock(0), WebSocket: Refusing } as never })).toEqual([
      'opening a socket',
      ['stopped', 'unsupported'],
    ])
  })

  it('fails when it cannot come online, but for what a code is to decide', async () => {
    const after = async (problem: { code: string; status: number }) => {
      const { all, heard, settle } = attempting()
      await settle()
      all[0]!.say(hello)
      await settle()
      all[0]!.say({ type: 'error', ref: all[0]!.sent[0]!.ref, problem: { title: '', ...problem } })
      await settle()
      return heard
    }
    expect(await after({ code: 'overloaded', status: 503 })).toEqual([['failed']])
    expect(await after({ code: 'unauthenticated', status: 401 })).toEqual([])
    const silent = attempting()
    await silent.settle()
    silent.all[0]!.say(hello)
    await silent.clock.advance(14_999)
    expect(silent.heard).toEqual([])
    await silent.clock.advance(1)
    expect(silent.heard).toEqual([['failed']])
  })

  it('that was ended before it has a token opens no socket', async () => {
    const { all, heard, one, settle } = attempting()
    one.end()
    await settle()
    expect([all, heard]).toEqual([[], []])
  })
})

describe('a connection', () => {
  function connecting({ isOnline = true, random = 1 } = {}) {
    const clock = virtualClock(0)
    const { all, WebSocket } = sockets()
    const tokens: unknown[] = []
    const watchers = new Set<(what: 'online' | 'offline' | 'shown') => void>()
    const device = { isOnline }
    const platform = {
      ...clock,
      WebSocket,
      random: () => random,
      isOnline: () => device.isOnline,
      watch: (listener: (what: 'online' | 'offline' | 'shown') => void) => (watchers.add(listener), () => watchers.delete(listener)),
    }
    const link = connection({
      url: 'http://a',
      deviceId: undefined,
      platform: platform as never,
      getToken: async (spent) => (tokens.push(spent), `token ${tokens.length}`),
      resumeFrom: () => ({ cursors: {} }),
      resumed: () => {},
      receive: () => {},
      report: () => {},
      authorized: () => {},
    })
    const happens = (what: 'online' | 'offline' | 'shown') => watchers.forEach((watcher) => watcher(what))
    const up = async () => {
      await clock.advance(0)
      all.at(-1)!.say(hello)
      await clock.advance(0)
      all.at(-1)!.answer('authorize', { user_id: 'ann', session_id: 's', expires_at: new Date(9e8).toISOString() })
      await clock.advance(0)
      all.at(-1)!.answer('resume', {})
      await clock.advance(0)
    }
    const end = (code: number) => all.at(-1)!.raw.onclose!({ code })
    return { clock, all, link, tokens, happens, watchers, device, up, end, state: () => link.state.get() }
  }

  it('waits for a network, and for nothing while it is stopped', async () => {
    const { link, state, device, happens, all, clock, watchers, up } = connecting({ isOnline: false })
    happens('online')
    expect(state()).toEqual({ status: 'idle' })
    link.reconnectNow()
    link.start()
    link.start()
    expect([state(), watchers.size]).toEqual([{ status: 'offline' }, 1])
    happens('shown')
    expect(state()).toEqual({ status: 'offline' })
    link.reconnectNow()
    expect(state()).toEqual({ status: 'connecting', attempt: 1 })
    happens('offline')
    device.isOnline = true
    happens('online')
    happens('online')
    await up()
    expect([state(), all.length]).toEqual([{ status: 'online' }, 1])
    happens('shown')
    link.reconnectNow()
    expect(all[0]!.sent.filter(({ type }) => type === 'ping')).toHaveLength(2)
    link.stop()
    expect([state(), watchers.size, all[0]!.raw.closes]).toEqual([{ status: 'idle' }, 0, 1])
    link.reconnectNow()
    await clock.advance(600_000)
    expect([state(), all.length]).toEqual([{ status: 'idle' }, 1])
    expect(await outcome(link.request('ping', {}))).toEqual(['rejected', 'network'])
    expect(() => link.send('ping', {} as never)).toThrow('no connection')
  })

  it('waits longer with too many connections, and from the beginning once it was stable or is asked to', async () => {
    const { link, state, clock, up, end } = connecting()
    link.start()
    await up()
    end(4029)
    expect(state()).toEqual({ status: 'waiting', attempt: 5, retryAt: clock.now() + 16_000 })
    await clock.advance(15_999)
    expect(state()).toMatchObject({ status: 'waiting' })
    await clock.advance(1)
    expect(state()).toEqual({ status: 'connecting', attempt: 6 })
    await up()
    await clock.advance(9_999)
    end(1006)
    expect(state()).toMatchObject({ attempt: 6, retryAt: clock.now() + 30_000 })
    link.reconnectNow()
    expect(state()).toEqual({ status: 'connecting', attempt: 1 })
    await up()
    end(1006)
    expect(state()).toMatchObject({ attempt: 1 })
    await clock.advance(1_000)
    await up()
    await clock.advance(10_000)
    end(1006)
    expect(state()).toMatchObject({ attempt: 1, retryAt: clock.now() + 1_000 })
  })

  it('tries another token once where one is refused, and asks for the end of a session', async () => {
    const { link, state, clock, up, end, tokens } = connecting()
    link.start()
    await clock.advance(0)
    end(4401)
    await clock.advance(0)
    expect(tokens).toEqual([undefined, { token: 'token 1', reason: 'refused' }])
    await up()
    end(4401)
    await clock.advance(0)
    expect(tokens[2]).toEqual({ token: 'token 2', reason: 'refused' })
    end(4401)
    expect(state()).toEqual({ status: 'stopped', reason: 'signed-out', code: 4401 })
    link.reconnectNow()
    await up()
    end(4403)
    expect(state()).toEqual({ status: 'stopped', reason: 'signed-out', code: 4403 })
    await clock.advance(0)
    expect(tokens.at(-1)).toMatchObject({ reason: 'refused' })
    link.stop('signed-out')
    expect(state()).toMatchObject({ code: 4403 })
  })

  it('comes back within the time that a draining service asks for', async () => {
    const { link, state, clock, up, all } = connecting({ random: 0.5 })
    link.start()
    await up()
    all[0]!.say({ type: 'reconnect', after_ms: 9_000 })
    all[0]!.say({ type: 'reconnect', after_ms: 8_000 })
    await clock.advance(3_999)
    expect(state()).toEqual({ status: 'online' })
    await clock.advance(1)
    expect(state()).toEqual({ status: 'connecting', attempt: 1 })
    link.stop('signed-out')
    expect(state()).toEqual({ status: 'stopped', reason: 'signed-out', code: undefined })
    link.stop('closed')
    expect(state()).toEqual({ status: 'stopped', reason: 'closed', code: undefined })
  })
})
