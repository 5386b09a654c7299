import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { climb, DEMO_CHATS, type LargeChat, largeChat, openPlaced, toLatest } from '../../support/large-chat.ts'

describe('a chat of 10,000 messages', () => {
  let large: LargeChat
  beforeAll(async () => {
    large = await largeChat(10_100)
  }, 120_000)
  afterAll(() => large?.[Symbol.asyncDispose]())

  it('keeps few rows in the document, and its place when older ones come', async () => {
    const { page } = large.tab
    await openPlaced(page, DEMO_CHATS.long)
    await toLatest(page)
    const { prepends, jump, rows } = await climb(page, 20)
    expect(prepends).toBe(20)
    expect(jump).toBeLessThan(2)
    expect(rows).toBeLessThanOrEqual(40)
  })

  it('brings one back to the latest', async () => {
    const { tab } = large
    await toLatest(tab.page)
    const gap = await tab.page.getByRole('feed').evaluate((feed) => feed.scrollHeight - feed.scrollTop - feed.clientHeight)
    expect(gap).toBeLessThan(2)
    expect(tab.complaints).toEqual([])
  })
})
