import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { enter, type Scene, scene } from '../scene.ts'
import { forgetCopies, openTab, PHONE, panelOf, type Tab } from '../tab.ts'
import { eventually } from '../waiting.ts'

/** How much may move that nobody has touched (PAGE.md §12). */
const BOUND = 0.01
/** For so long each answer of the service is held back: what moves then is not put down to a press. */
const LATE_MS = 700

interface Shift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
  readonly sources: readonly { readonly node: Element | null }[]
}

let open: Service
let closed: Service
let browser: Browser
let made: Scene
beforeAll(async () => {
  ;[open, closed, browser] = await Promise.all([startService({ env: { DEMO: 'on' } }), startService(), launchBrowser()])
  made = await scene(closed.url)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await Promise.all([open?.stop(), closed?.stop()])
})

const now = (page: Page) => page.evaluate(() => performance.now())

interface Watched {
  /** Since when. */
  readonly since?: number
  /** Something was pressed, and what moves at once is meant to. (For the browser another size, which a phone gets at first, is like a press.) */
  readonly isPressed?: boolean
}

/** What has moved by itself: how much, and of each time the first that did. */
const moved = (page: Page, { since = 0, isPressed = false }: Watched) =>
  page.evaluate(
    async ([from, isExcused]) => {
      // What a frame has moved is noted after it.
      for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame)
      const observer = new PerformanceObserver(() => {})
      observer.observe({ type: 'layout-shift', buffered: true })
      const all = (observer.takeRecords() as Shift[]).filter(
        ({ startTime, hadRecentInput }) => startTime >= from && !(isExcused && hadRecentInput),
      )
      observer.disconnect()
      const told = ({ value, sources }: Shift) => `${value.toFixed(4)} ${sources[0]?.node?.outerHTML?.slice(0, 120) ?? 'something'}`
      return { sum: all.reduce((sum, { value }) => sum + value, 0), what: all.map(told) }
    },
    [since, isPressed] as const,
  )

/** What has moved by itself, more than it may, once all that is asked for has come. */
async function shifts(page: Page, watched: Watched = {}): Promise<string[]> {
  await page.waitForLoadState('networkidle')
  const { sum, what } = await moved(page, watched)
  return sum > BOUND ? what : []
}

/** From now on answers come late. */
const late = (page: Page) =>
  page.route('**/api/v1/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, LATE_MS))
    await route.continue().catch(() => undefined)
  })

const arePicturesThere = (page: Page, place: string, count: number) =>
  eventually(async () => {
    const loaded = await page
      .locator(`${place} img`)
      .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length)
    expect(loaded).toBeGreaterThanOrEqual(count)
  })

const screens = { 'a desk': {}, 'a wide desk': { viewport: { width: 1_440, height: 900 } }, 'a phone': PHONE } as const

describe.each(Object.keys(screens) as (keyof typeof screens)[])('on %s, nothing moves by itself', (screen) => {
  const options = { ...screens[screen], reducedMotion: 'reduce' as const }

  describe.each(['guests', 'no guests'])('of the sign-in with %s', (guests) => {
    it.each(['a newcomer', 'a user of before'])('for %s', async (who) => {
      const { page } = await openTab(browser, guests === 'guests' ? open.url : closed.url, options)
      if (who === 'a user of before') await page.evaluate(() => localStorage.setItem('windi:login', 'ann@example.com'))
      await late(page)
      await page.reload()
      await page.getByLabel(/^Password$/).waitFor()
      await page.getByRole('button', { name: 'Continue as a guest' }).waitFor({ state: guests === 'guests' ? 'visible' : 'detached' })
      expect(await shifts(page)).toEqual([])
      await page.context().close()
    })
  })

  describe('of the chats', () => {
    let tab: Tab
    beforeAll(async () => {
      tab = await enter(browser, closed.url, made.ann, options)
      await late(tab.page)
    })
    afterAll(() => tab?.page.context().close())

    it.each(['for the first time', 'from what is kept'])('that arrive %s', async (how) => {
      const { page } = tab
      if (how === 'for the first time') {
        await forgetCopies(page)
        await page.goto(closed.url)
      } else await page.reload()
      await page.locator('[data-chat]').nth(5).waitFor()
      await arePicturesThere(page, 'nav', 2)
      expect(await shifts(page)).toEqual([])
    })

    it.each(['bobs', 'walks', 'bobs', 'walks'] as const)('when one is opened: %s', async (chat) => {
      const { page } = tab
      const since = await now(page)
      await page.evaluate((id) => location.assign(`#/c/${id}`), made[chat])
      await page.locator('[role=feed][data-placed=true]').waitFor()
      if (chat === 'walks') {
        await page.getByText('Pinned message').waitFor()
        await arePicturesThere(page, '[data-bubble]', 4)
      }
      expect(await shifts(page, { since })).toEqual([])
    })

    it('when the page is loaded in one', async () => {
      const { page } = tab
      await page.reload()
      await page.getByText('Pinned message').waitFor()
      await arePicturesThere(page, '[data-bubble]', 4)
      expect(await shifts(page)).toEqual([])
    })

    it('when the connection is lost, and when it is there again', async () => {
      const { page } = tab
      const since = await now(page)
      const banner = page.getByRole('status').filter({ hasText: 'offline' })
      await page.context().setOffline(true)
      await banner.waitFor()
      const place = await banner.boundingBox()
      expect(place!.x >= 0 && place!.x + place!.width <= page.viewportSize()!.width).toBe(true)
      await page.context().setOffline(false)
      await banner.waitFor({ state: 'detached' })
      expect(await shifts(page, { since })).toEqual([])
    })

    it('when its panel is opened', async () => {
      const { page } = tab
      const since = await now(page)
      await page.getByRole('heading', { name: 'Walks', level: 1 }).getByRole('button').click()
      await panelOf(page, 'Group info').getByRole('list', { name: 'Banned' }).getByRole('listitem').waitFor()
      await arePicturesThere(page, 'aside', 4)
      expect(await shifts(page, { since, isPressed: true })).toEqual([])
      await page.keyboard.press('Escape')
    })

    it('when a picture is looked at', async () => {
      const { page } = tab
      const since = await now(page)
      await page.getByRole('button', { name: 'Photo', exact: true }).last().click()
      await page.getByRole('dialog').getByRole('img').first().waitFor()
      expect(await shifts(page, { since, isPressed: true })).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    })
  })
})

it('would show what moves', async () => {
  const { page } = await openTab(browser, open.url)
  await page.getByLabel(/^Password$/).waitFor()
  const since = await now(page)
  await page.evaluate(() => {
    document.body.prepend(Object.assign(document.createElement('p'), { style: 'height: 5rem' }))
  })
  expect((await moved(page, { since })).sum).toBeGreaterThan(BOUND)
  await page.context().close()
})
