import type { Page } from 'playwright-core'
import { climb, DEMO_CHATS, largeChat, openPlaced, toLatest } from '../../test/support/large-chat.ts'
import { longestTask } from '../measure/longest-task.ts'
import type { Plan, Section } from '../measure/plan.ts'
import { spread } from '../measure/statistics.ts'

/** Milliseconds from the click on a chat of the list until its messages are drawn. */
const switched = (page: Page, title: string): Promise<number> =>
  page.evaluate(async (wanted) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const links = [...document.querySelectorAll<HTMLAnchorElement>('nav a')]
    const link = links.find(({ textContent }) => textContent.includes(wanted))!
    const before = document.querySelector('[role=feed]')
    const began = performance.now()
    link.click()
    for (;;) {
      await frame()
      const feed = document.querySelector('[role=feed][data-placed=true]')
      if (feed !== before && feed?.querySelector('[data-message]')) return performance.now() - began
    }
  }, title)

/** What the page costs a browser on this machine, each beside its bound. */
export const page: Section = {
  name: 'page',
  rounds: 3,
  explains:
    'The page in a headless Chromium, signed in with the demo data. The longest task: processor time of the main thread while history is scrolled through at full speed. A switch: from the click on a chat that has been seen before until its messages are drawn.',
  async prepare({ scale: { isSmoke }, say }) {
    const [messages, pages, switches] = isSmoke ? [300, 2, 2] : [10_100, 20, 20]
    say('page: demo data')
    const large = await largeChat(messages)
    const { page } = large.tab
    for (const title of [DEMO_CHATS.group, DEMO_CHATS.long]) await openPlaced(page, title)
    await toLatest(page)
    const beneath = (title: string, bound: number, subject: () => Promise<number>): Plan => ({
      title,
      unit: 'ms',
      limitIs: 'the bound',
      target: { is: 'at most', ratio: 1 },
      subject: async () => ({ value: await subject() }),
      limit: async () => ({ value: bound }),
    })
    return {
      plans: [
        beneath(`Longest task while ${pages} older pages come`, 50, async () => {
          await page.reload()
          await page.locator('[role=feed][data-placed=true]').waitFor()
          return longestTask(page, () => climb(page, pages))
        }),
        beneath('Switch to a chat that was seen before', 50, async () => {
          const each: number[] = []
          for (let i = 0; i < switches; i++) each.push(await switched(page, i % 2 === 0 ? DEMO_CHATS.group : DEMO_CHATS.long))
          return spread(each).median
        }),
      ],
      close: async () => large[Symbol.asyncDispose](),
    }
  },
}
