import { describe, expect, it } from 'vitest'
import { measured } from '../../../src/adapters/metrics/measured.ts'
import { promMetrics } from '../../../src/adapters/metrics/metrics.ts'
import type { ChatApi } from '../../../src/application/chat-api.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { Refusal } from '../../../src/domain/refusal.ts'

describe('metrics', () => {
  it('are those of one server, and of the process', async () => {
    const [one, other] = [promMetrics(), promMetrics()]
    one.happened([{ type: 'message.sent' }, { type: 'message.sent' }, { type: 'chat.renamed' }] as ChatEvent[])
    one.requestAnswered({ operation: 'sendMessage', status: 201, seconds: 0.003 })
    one.socketOpened()
    one.socketOpened()
    one.socketClosed(4_000)
    one.gapSent()
    one.changed(0.02)
    one.refused('overloaded')
    one.choreRan('poll', 'failed')
    one.info('build_info', { version: '1.2.3', node: 'v24', store: 'memory' })
    one.gauge('requests_under_way', () => 7)
    const { text, type } = await one.render()
    expect(type).toContain('text/plain')
    expect(text).toContain('windi_chat_messages_sent_total 2')
    expect(text).toContain('windi_chat_commits_total 1')
    expect(text).toContain('windi_chat_http_request_duration_seconds_count{operation="sendMessage",status="201"} 1')
    expect(text).toContain('windi_chat_ws_connections 1')
    expect(text).toContain('windi_chat_ws_gaps_total 1')
    expect(text).toContain('windi_chat_requests_under_way 7')
    for (const line of [
      'commit_events_sum 3',
      'change_duration_seconds_count 1',
      'refusals_total{code="overloaded"} 1',
      'build_info{version="1.2.3",node="v24",store="memory"} 1',
    ])
      expect(text).toContain(`windi_chat_${line}`)
    expect(text).toContain('windi_chat_chores_total{chore="poll",outcome="failed"} 1')
    const ours = text.split('\n').filter((line) => /^[a-z]/.test(line) && !/^(process|nodejs)_/.test(line))
    expect(ours.filter((line) => !line.startsWith('windi_chat_'))).toEqual([])
    expect(text).toContain('nodejs_eventloop_lag_seconds')
    expect((await other.render()).text).toContain('windi_chat_messages_sent_total 0')
  })

  it('do not grow with what clients make up', async () => {
    const metrics = promMetrics()
    for (let code = 3_000; code < 5_000; code++) metrics.socketClosed(code)
    const { text } = await metrics.render()
    expect(text.split('\n').filter((line) => line.startsWith('windi_chat_ws_closed_total{')).length).toBeLessThan(25)
  })

  it('count calls by how they ended', async () => {
    const metrics = promMetrics()
    const api = {
      epoch: async () => 'x',
      getChat: async () => Promise.reject(new Refusal('chat-not-found', {})),
      getMe: async () => Promise.reject(new Error('broken')),
    } as unknown as ChatApi
    const { epoch, getChat, getMe } = measured(api, metrics, () => 0)
    expect(await epoch()).toBe('x')
    await expect(getChat({} as never, 'x' as never)).rejects.toMatchObject({ code: 'chat-not-found' })
    await expect(getMe({} as never)).rejects.toThrow('broken')
    const { text } = await metrics.render()
    for (const labels of ['call="epoch",outcome="ok"', 'call="getChat",outcome="chat-not-found"', 'call="getMe",outcome="defect"'])
      expect(text).toContain(`windi_chat_call_duration_seconds_count{${labels}} 1`)
    expect(text).toContain('windi_chat_refusals_total{code="chat-not-found"} 1')
  })
})
