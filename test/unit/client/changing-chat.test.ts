import { describe, expect, it } from 'vitest'
import { bob, chatOf, EMPTY, failed, shown } from './opened.ts'
import { settled, tellings, wireUser } from './views.ts'

describe('a chat that changes', () => {
  it('is joined once more when it becomes the user’s while it is on screen, each time', async () => {
    const { chat, copy, all, of, become } = chatOf({ isKnown: false })
    chat.open()
    await settled()
    expect(of('join_chat')).toHaveLength(1)
    become()
    expect(of('join_chat')).toHaveLength(2)
    all.touch(copy, 'item')
    expect(of('join_chat')).toHaveLength(2)
    copy.item = undefined
    for (let time = 0; time < 2; time++) all.touch(copy, 'item')
    expect(of('join_chat')).toHaveLength(2)
    become()
    expect(of('join_chat')).toHaveLength(3)
    const known = await shown()
    known.all.touch(known.copy, 'item')
    expect(known.of('join_chat')).toHaveLength(1)
  })

  it('shows its members with how far they have read', async () => {
    const { chat, copy, all, of } = chatOf()
    void chat.loadMembers()
    await settled()
    await of('listMembers')[0]!.answer({ items: [{ ...bob, user: wireUser('me') }, bob], next: null })
    const reads = () => chat.members.get().items.map(({ readSeq }) => readSeq)
    expect(reads()).toEqual([0, 1])
    copy.item!.readSeq = 4
    all.touch(copy, 'item')
    expect(reads()).toEqual([4, 1])
    copy.members.marks.set('bob', 3)
    all.touch(copy, 'members')
    expect(reads()).toEqual([4, 3])
  })

  it('forgets how far was read where the log begins again, and only there', async () => {
    for (const [isKnown, expected] of [
      [true, ['mark_read']],
      [false, []],
    ] as const) {
      const { chat, copy, all, state, names, online } = chatOf({ isUp: false })
      copy.timeline.head = 5
      chat.markRead(3)
      if (!isKnown) copy.cursor = undefined
      all.touch(copy, 'item')
      state.isUp = true
      online(false)
      await settled()
      expect(names()).toEqual(expected)
    }
  })

  it('has its pins told when messages change', async () => {
    const { chat, copy, all } = chatOf()
    const told = tellings(chat.pins)
    all.touch(copy, 'timeline')
    await settled()
    expect(told()).toBe(1)
  })

  it('loads its messages again where all were forgotten, if it is on screen and the user’s', async () => {
    const { copy, all, of, close } = await shown()
    all.touch(copy, 'timeline')
    await settled()
    expect(of('listMessages')).toHaveLength(1)
    const { item } = copy
    copy.item = undefined
    copy.timeline.spans = []
    all.touch(copy, 'timeline')
    await settled()
    expect(of('listMessages')).toHaveLength(1)
    copy.item = item
    all.touch(copy, 'timeline')
    await settled()
    expect(of('listMessages')).toHaveLength(2)
    await of('listMessages')[1]!.answer(EMPTY)
    close()
    await settled()
    copy.timeline.spans = []
    all.touch(copy, 'timeline')
    await settled()
    expect(of('listMessages')).toHaveLength(2)
  })

  it('does not try again by itself, with each message, what could not be loaded elsewhere', async () => {
    const { chat, copy, all, of } = await shown()
    const jump = chat.jumpTo(0).catch(() => {})
    await settled()
    await of('listMessages')[1]!.fail()
    await jump
    all.touch(copy, 'timeline')
    await settled()
    expect(of('listMessages')).toHaveLength(2)
  })

  it('loads its members again when events were left out, if it is on screen and the user’s', async () => {
    const away = chatOf()
    await failed(away)
    away.all.touch(away.copy, 'members')
    await settled()
    expect(away.of('listMembers')).toHaveLength(1)
    const scene = await shown()
    await failed(scene)
    const { item } = scene.copy
    scene.copy.item = undefined
    scene.all.touch(scene.copy, 'members')
    await settled()
    expect(scene.of('listMembers')).toHaveLength(1)
    scene.copy.item = item
    scene.all.touch(scene.copy, 'members')
    await settled()
    expect(scene.of('listMembers')).toHaveLength(2)
  })
})
