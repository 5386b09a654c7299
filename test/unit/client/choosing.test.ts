import { describe, expect, it } from 'vitest'
import type { Wish } from '../../../src/client/copy/wishes.ts'
import type { Message } from '../../../src/client/types.ts'
import { reactions } from '../../../src/client/views/reactions.ts'
import { settling } from '../../../src/client/views/settling.ts'
import { calls, settled, world } from './views.ts'

const message = (given: Partial<Message> = {}) =>
  ({ id: 'm', seq: 2, version: 1, reactions: [], myReactions: [], reactionsSeq: 2, myReactionsSeq: 2, ...given }) as Message

/** A chat whose reactions are carried out when a test says so. */
function choosing() {
  const { all, at } = world()
  const copy = at('chat')
  const { asked, last, call } = calls()
  const touched: string[] = []
  all.watch((_, aspect) => void touched.push(aspect))
  const wishes: Wish[] = []
  const react = reactions({
    copy,
    copies: all,
    settle({ wish, ...chosen }) {
      wishes.push(wish)
      return call('settle' as never, chosen as never)
    },
  })
  return { copy, asked, last, touched, wishes, react }
}

describe('what the user chooses', () => {
  it('is shown at once, with each change, and when it is settled', async () => {
    const { copy, last, touched, react, wishes, asked } = choosing()
    copy.timeline.messages.set('m', message())
    const before = copy.timeline.messages.get('m')
    const work = react('m', '👍', true)
    expect(copy.timeline.messages.get('m')).not.toBe(before)
    expect([touched.splice(0), [...copy.timeline.changes.seqs]]).toEqual([['timeline', 'item'], [2]])
    void react('m', '👍', false)
    expect([touched.splice(0), wishes[0]!.on, asked.length]).toEqual([['timeline', 'item'], false, 1])
    await last().answer()
    await work
    expect(touched).toEqual(['timeline', 'item'])
  })

  it('is found of the last message where no other is held, and is not asked for if it is so already', async () => {
    const { copy, asked, react } = choosing()
    copy.item!.lastMessage = message({ myReactions: ['👍'], reactions: [{ emoji: '👍', count: 1, userIds: ['me'] }] })
    await react('m', '👍', true)
    expect(asked).toHaveLength(0)
    void react('other', '👍', true)
    void react('m', '👍', false)
    expect(asked.map(({ given }) => given)).toEqual([
      { messageId: 'other', emoji: '👍' },
      { messageId: 'm', emoji: '👍' },
    ])
  })

  it('takes the form that the message has', () => {
    const { copy, asked, react } = choosing()
    copy.timeline.messages.set('m', message({ reactions: [{ emoji: '❤️', count: 1, userIds: ['bob'] }] }))
    copy.item!.lastMessage = message()
    void react('m', '❤', true)
    expect(asked[0]!.given).toEqual({ messageId: 'm', emoji: '❤️' })
  })

  it('is forgotten once the log has told it, and kept until then', async () => {
    const { copy, last, react, wishes } = choosing()
    copy.timeline.messages.set('m', message())
    void react('m', '👍', true)
    void react('m', '❤️', true)
    expect([...copy.wishes.get('m')!.keys()]).toEqual(['👍', '❤️'])
    await last().answer()
    wishes[1]!.until = 9
    void react('x', '👍', true)
    expect([...copy.wishes.get('m')!.keys()]).toEqual(['👍', '❤️'])
    copy.timeline.messages.set('m', message({ myReactionsSeq: 9 }))
    void react('x', '👍', true)
    expect([...copy.wishes.get('m')!.keys()]).toEqual(['👍'])
  })

  it('is forgotten with its message, which leaves nothing behind', async () => {
    const { copy, last, react } = choosing()
    copy.timeline.messages.set('m', message())
    void react('m', '👍', true)
    await last().answer()
    copy.timeline.messages.clear()
    void react('x', '👍', true)
    expect([...copy.wishes.keys()]).toEqual(['x'])
  })

  it('that is refused is taken back', async () => {
    const { copy, last, react } = choosing()
    copy.timeline.messages.set('m', message())
    const work = react('m', '👍', true)
    await Promise.all([expect(work).rejects.toThrow('Nobody answers.'), last().fail()])
    expect(copy.wishes.get('m')?.size).toBe(0)
  })
})

describe('what is chosen', () => {
  const settle = ({ isUp = true } = {}) => {
    const { at } = world()
    const copy = at('chat')
    copy.timeline.messages.set('m', message())
    const { asked, last, call, request } = calls()
    const wish: Wish = { on: true, until: undefined, done: undefined }
    const work = settling({ copy, call, request, me: () => 'me', isUp: () => isUp })({ messageId: 'm', emoji: '👍', wish })
    return { copy, asked, last, wish, work, shown: () => copy.timeline.messages.get('m')!.myReactions }
  }
  const target = { chat_id: 'chat', message_id: 'm', emoji: '👍' }

  it('goes over the connection, and waits for the event that it became', async () => {
    const { asked, last, wish, work, shown } = settle()
    expect(asked.map(({ what, given }) => [what, given])).toEqual([['add_reaction', target]])
    await last().answer({ seq: 7 })
    await work
    expect([wish.until, shown()]).toEqual([7, []])
  })

  it('goes as a call where there is no connection', async () => {
    const { asked, last, wish, work } = settle({ isUp: false })
    expect(asked.map(({ what, given }) => [what, given])).toEqual([['addReaction', { params: target }]])
    await last().answer({ reactions_seq: 8 })
    await work
    expect(wish.until).toBe(8)
  })

  it('is asked once more if it was changed meanwhile, and is taken as told where no event is named', async () => {
    const { asked, last, wish, work, shown, copy } = settle({ isUp: false })
    copy.timeline.messages.set('m', message({ myReactions: ['👍'], reactions: [{ emoji: '👍', count: 1, userIds: ['me'] }] }))
    wish.on = false
    await last().answer({ reactions_seq: 8 })
    expect(asked.map(({ what, given }) => [what, given])).toEqual([
      ['addReaction', { params: target }],
      ['removeReaction', { params: target }],
    ])
    await last().answer()
    await work
    await settled()
    expect([wish.until, shown()]).toEqual([0, []])
  })
})
