import { describe, expect, it } from 'vitest'
import { bob, chatOf, failed, shown } from './opened.ts'
import { settled } from './views.ts'

describe('a chat', () => {
  it('hands what is sent and forwarded to the outbox, and a message that is sent ends typing by itself', async () => {
    const { chat, added, sent, clock } = chatOf()
    chat.setTyping(true)
    chat.send('tea?', { key: 'k' })
    chat.forward({ chatId: 'other', messageId: 'm' })
    await clock.advance(60_000)
    expect(sent).toEqual([['typing', { chat_id: 'chat', active: true }]])
    expect(added).toEqual([
      { chatId: 'chat', text: 'tea?', options: { key: 'k' } },
      { chatId: 'chat', text: '', options: {}, forward: { chatId: 'other', messageId: 'm' } },
    ])
  })

  it('is asked for once at a time while its place in the log is not known, and again after a failure', async () => {
    const { chat, copy, refreshed, names } = chatOf()
    copy.cursor = undefined
    const loading = [chat.loadMembers(), chat.loadMembers()].map((work) => work.catch(() => {}))
    await settled()
    expect([refreshed.asked.map(({ what }) => what), names()]).toEqual([['chat'], []])
    await refreshed.last().fail()
    await Promise.all(loading)
    expect(chat.members.get().status).toBe('failed')
    void chat.loadMembers()
    await settled()
    expect(refreshed.asked).toHaveLength(2)
    await refreshed.last().answer()
    expect(names()).toEqual(['listMembers'])
  })

  it('hears of the presence of its people while it is on screen, and of nobody then', async () => {
    const { chat, copy, watched, absent, sent } = chatOf()
    copy.members.marks.set('bob', 1)
    expect(watched()).toEqual([])
    const close = chat.open()
    await settled()
    expect(watched()).toEqual(['bob'])
    chat.setTyping(true)
    close()
    await settled()
    expect([watched(), absent]).toEqual([[], [['bob']]])
    expect(sent).toContainEqual(['typing', { chat_id: 'chat', active: false }])
  })

  it('that is closed waits for no messages any more', async () => {
    const { chat, of } = chatOf()
    const close = chat.open()
    await settled()
    expect(chat.timeline.get().status).toBe('loading')
    close()
    await settled()
    expect(chat.timeline.get().status).toBe('idle')
    await of('listMessages')[0]!.fail()
    expect(chat.timeline.get().status).toBe('idle')
  })
})

describe('a new connection', () => {
  it('has a chat on screen joined again, and what failed loaded again', async () => {
    const scene = await shown()
    const { chat, of, online, asked, names } = scene
    await failed(scene)
    const jump = chat.jumpTo(0).catch(() => {})
    await settled()
    await of('listMessages')[1]!.fail()
    await jump
    expect(chat.timeline.get().status).toBe('failed')
    const before = asked.length
    online(false)
    await settled()
    expect(names().slice(before).toSorted()).toEqual(['join_chat', 'listMembers', 'listMessages', 'listPins'])
  })

  it('has nothing loaded of a chat that is not on screen', async () => {
    const scene = chatOf()
    await failed(scene)
    const before = scene.asked.length
    scene.online(false)
    await settled()
    expect(scene.asked).toHaveLength(before)
  })

  it('has a chat joined that was opened without one, and told how far was read', async () => {
    const { chat, state, online, names, copy } = chatOf({ isUp: false })
    copy.timeline.head = 5
    chat.open()
    chat.markRead(3)
    await settled()
    expect(names()).toEqual(['listMessages'])
    state.isUp = true
    online(false)
    await settled()
    expect(names()).toEqual(['listMessages', 'join_chat', 'mark_read'])
  })

  it('has members loaded again after a long time without, and not after a short one', async () => {
    const { chat, online, of } = await shown()
    void chat.loadMembers()
    await settled()
    await of('listMembers')[0]!.answer({ items: [bob], next: null })
    online(false)
    await settled()
    expect(of('listMembers')).toHaveLength(1)
    online(true)
    await settled()
    expect(of('listMembers')).toHaveLength(2)
  })
})
