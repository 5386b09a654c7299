import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { httpClient, type SignedInClient } from '../../support/http-client.ts'
import { type Service, startService } from '../../support/service.ts'
import { done, enter, plainPicture, send, upload } from '../scene.ts'
import type { Tab } from '../tab.ts'
import { eventually } from '../waiting.ts'

const COUNT = 200
const WIDTH = 1_600
const HEIGHT = 1_000
/** PAGE.md §14. */
const LARGE = 3

let service: Service
let browser: Browser
let ann: SignedInClient
let chat: string
let tab: Tab
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  const { register } = httpClient(service.url)
  ann = await register('Ann Berg')
  const bob = await register('Bob Klein')
  chat = (await done<{ id: string }>(ann, 'post', '/chats', { kind: 'private', user_id: bob.id })).id
  for (let n = 0; n < COUNT; n++) {
    const file_id = await upload(service.url, ann, `picture ${n}.png`, await plainPicture(WIDTH, HEIGHT, n))
    await send(ann, chat, `picture-${n}`, { text: `Picture ${n}.`, attachments: [{ file_id }] })
  }
}, 240_000)
beforeEach(async () => {
  tab = await enter(browser, service.url, ann, { reducedMotion: 'reduce' })
  await tab.page.evaluate((id) => location.assign(`#/c/${id}`), chat)
  await tab.page.locator('[role=feed][data-placed=true]').waitFor()
  await tab.page
    .getByRole('article')
    .filter({ hasText: `Picture ${COUNT - 1}.` })
    .waitFor()
})
afterEach(() => tab.page.context().close())
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** How many pictures of the document are there in full size. Looked up and counted in one step: a locator may count one that has gone meanwhile. */
const large = (page: Page) => page.evaluate((width) => [...document.images].filter((one) => one.naturalWidth >= width).length, WIDTH)

/** How high each row is that the document holds now, in one step, too. */
const heights = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll('article [data-bubble]')].map((one) => Math.round(one.getBoundingClientRect().height)))

describe('a chat of 200 pictures', () => {
  it('keeps few of them in the document, none in full size, and each in a place that was reserved', async () => {
    const { page } = tab
    const most = { rows: 0, pictures: 0, large: 0 }
    const shapes = new Set<number>()
    for (let step = 0; step < 40; step++) {
      await page.getByRole('feed').evaluate((feed) => {
        feed.scrollTop -= 1_200
        return new Promise(requestAnimationFrame)
      })
      const rows = await heights(page)
      for (const height of rows) shapes.add(height)
      most.rows = Math.max(most.rows, rows.length)
      most.pictures = Math.max(most.pictures, await page.locator('[role=feed] img').count())
      most.large = Math.max(most.large, await large(page))
    }
    const seen = await page.locator('article [dir=auto]').allInnerTexts()
    expect(Math.min(...seen.map((text) => Number(/\d+/.exec(text))))).toBeLessThan(COUNT - 60)
    expect(most.rows).toBeLessThanOrEqual(40)
    expect(most.pictures).toBeLessThanOrEqual(40)
    expect(most.large).toBe(0)
    // Loaded or not, each is as high as the others.
    expect([...shapes]).toHaveLength(1)
  })

  it('is gone through by keys: at most three are there in full size', async () => {
    const { page } = tab
    await page.locator('[data-bubble] button[aria-label="Photo"]').last().click()
    const dialog = page.getByRole('dialog')
    let most = 0
    for (let step = 0; step < 30; step++) {
      const before = await dialog.getAttribute('aria-label')
      await page.keyboard.press('ArrowLeft')
      await eventually(async () => expect(await dialog.getAttribute('aria-label')).not.toBe(before))
      await eventually(async () => expect(await large(page)).toBeGreaterThan(0))
      most = Math.max(most, await large(page))
    }
    expect(most).toBeLessThanOrEqual(LARGE)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await large(page)).toBe(0)
    expect(tab.complaints).toEqual([])
  })
})
