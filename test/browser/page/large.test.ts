import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { windiChat } from '../../support/command.ts'
import { tempFolder } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { openFromList, openTab, type Tab } from '../tab.ts'

let folder: Awaited<ReturnType<typeof tempFolder>>
let service: Service
let browser: Browser
let tab: Tab

beforeAll(async () => {
  folder = await tempFolder('windi-chat-large')
  const seeded = await windiChat(folder.path, ['seed', '--messages', '10100'])
  if (seeded.status !== 0) throw new Error(seeded.stderr)
  ;[service, browser] = await Promise.all([startService({ folder: folder.path }), launchBrowser()])
  tab = await openTab(browser, service.url)
  await tab.page.getByRole('button', { name: /Already have an account/ }).click()
  await tab.page.getByLabel('Email or username').fill('user1')
  await tab.page.getByLabel('Password', { exact: true }).fill('password123')
  await tab.page.getByRole('button', { name: 'Sign in', exact: true }).click()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await folder?.remove()
})

interface Climbed {
  /** How many times something older appeared above. */
  readonly prepends: number
  /** How far what was in sight has moved by itself at most, in pixels. */
  readonly jump: number
  /** How many rows there were in the document at most. */
  readonly rows: number
}

/** Scrolls upwards until so much older has come; looks in every frame whether something moves that nobody has moved. */
const climb = (page: Page, prepends: number): Promise<Climbed> =>
  page.evaluate(async (wanted) => {
    const feed = document.querySelector<HTMLElement>('[role=feed]')!
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const rowsNow = () => [...feed.querySelectorAll<HTMLElement>('[data-message]')]
    const most = { prepends: 0, jump: 0, rows: 0 }
    for (let step = 0; step < 2_000 && most.prepends < wanted; step++) {
      feed.scrollTop -= 900
      // What a frame shows is settled after its callbacks, so that the next one is the first to tell.
      for (let settling = 0; settling < 2; settling++) await frame()
      const top = feed.getBoundingClientRect().top + 120
      const mark = rowsNow().find((row) => row.getBoundingClientRect().top > top)!
      const key = mark.dataset.message!
      const y = mark.getBoundingClientRect().top
      const height = feed.scrollHeight
      for (let frames = 0; frames < 8; frames++) {
        await frame()
        const now = rowsNow()
        most.rows = Math.max(most.rows, now.length)
        const same = now.find((row) => row.dataset.message === key)
        most.jump = Math.max(most.jump, same ? Math.abs(same.getBoundingClientRect().top - y) : Number.POSITIVE_INFINITY)
      }
      if (feed.scrollHeight > height + 1_000) most.prepends++
    }
    return most
  }, prepends)

/** The processor time of the longest task of the page's main thread while `run` runs: of the wall clock others take their part. */
async function longestTask(page: Page, run: () => Promise<unknown>): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  const events: { name: string; ph: string; pid: number; tid: number; tdur?: number; args: { name?: string } }[] = []
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as typeof events)))
  const traceConfig = { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'] }
  await cdp.send('Tracing.start', { traceConfig, transferMode: 'ReportEvents' })
  await run()
  await Promise.all([new Promise<void>((resolve) => cdp.once('Tracing.tracingComplete', () => resolve())), cdp.send('Tracing.end')])
  await cdp.detach()
  const threadOf = ({ pid, tid }: { readonly pid: number; readonly tid: number }) => `${pid} ${tid}`
  const main = new Set(events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(threadOf))
  const tasks = events.filter((event) => event.name.endsWith('RunTask') && event.ph === 'X' && main.has(threadOf(event)))
  expect(tasks.length).toBeGreaterThan(100)
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1_000))
}

async function toLatest(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /latest/ })
  await button.click()
  await button.waitFor({ state: 'detached' })
}

describe('a chat of 10,000 messages', () => {
  it('keeps few rows in the document, and its place when older ones come', async () => {
    const { page } = tab
    await openFromList(page, 'Мария Лебедева')
    await page.locator('[role=feed][data-placed=true]').waitFor()
    await toLatest(page)
    const { prepends, jump, rows } = await climb(page, 20)
    expect(prepends).toBe(20)
    expect(jump).toBeLessThan(2)
    expect(rows).toBeLessThanOrEqual(40)
  }, 90_000)

  it('is busy for at most 50 ms at a time while older ones come', async () => {
    const { page } = tab
    expect(await longestTask(page, () => climb(page, 20))).toBeLessThan(50)
  }, 90_000)

  it('brings one back to the latest', async () => {
    const { page } = tab
    await toLatest(page)
    const gap = await page.getByRole('feed').evaluate((feed) => feed.scrollHeight - feed.scrollTop - feed.clientHeight)
    expect(gap).toBeLessThan(2)
    expect(tab.complaints).toEqual([])
  })
})
