import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { openTab, register, say, type Tab, writeTo } from '../tab.ts'

let service: Service
let browser: Browser
let desk: Tab
let phone: Tab
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService({ env: { DEMO: 'on' } }), launchBrowser()])
  desk = await openTab(browser, service.url, { reducedMotion: 'reduce' })
  await register(desk.page, 'Olga Own')
  await writeTo(desk.page, 'Boris Keller')
  await say(desk.page, 'Hello')
  const small = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' as const }
  phone = await openTab(browser, service.url, small)
  await phone.page.getByRole('button', { name: /Already have an account/ }).tap()
  await phone.page.getByLabel('Email or username').fill('olga.own@example.com')
  await phone.page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await phone.page.getByRole('button', { name: 'Sign in', exact: true }).tap()
  await line(phone.page).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const line = (page: Page) => page.getByRole('navigation').getByRole('link', { name: /Boris Keller/ })

/** Chooses from the menu of the chat, one choice after the other. */
async function choose(page: Page, ...names: readonly string[]): Promise<void> {
  await line(page).click({ button: 'right' })
  for (const name of names) await page.getByRole('menuitem', { name, exact: true }).click()
}

/** A finger that goes over the line of the chat to the left. */
const swipeLeft = (page: Page) =>
  line(page).evaluate((element) => {
    const { left, top } = element.getBoundingClientRect()
    const at = (type: string, x: number) =>
      element.dispatchEvent(
        new PointerEvent(type, {
          pointerType: 'touch',
          pointerId: 7,
          clientX: left + x,
          clientY: top + 9,
          bubbles: true,
          cancelable: true,
        }),
      )
    at('pointerdown', 200)
    for (const x of [180, 150, 100]) at('pointermove', x)
    at('pointerup', 100)
  })

const both = () => [desk.page, phone.page]

/** What the menu of a chat does, how it shows on both devices, and what ends it. */
const marks: Readonly<Record<string, { readonly on: readonly string[]; readonly mark: (page: Page) => Locator; readonly off: string }>> = {
  'pinned': { on: ['Pin'], mark: (page) => line(page).getByRole('img', { name: 'Pinned' }), off: 'Unpin' },
  'marked as unread': { on: ['Mark as unread'], mark: (page) => line(page).getByText('Marked as unread'), off: 'Mark as read' },
  'muted for 8 hours': {
    on: ['Mute', 'Mute for 8 hours'],
    mark: (page) => line(page).getByRole('img', { name: 'Muted' }),
    off: 'Turn notifications on',
  },
}

describe('what a user does with a chat', () => {
  it.each(Object.entries(marks))('shows on all devices: %s', async (_, { on, mark, off }) => {
    await choose(desk.page, ...on)
    for (const page of both()) await mark(page).waitFor()
    await choose(desk.page, off)
    for (const page of both()) await mark(page).waitFor({ state: 'detached' })
    expect(await line(phone.page).count()).toBe(1)
  })

  it('shows on all devices: archived by a swipe, and taken back by its toast', async () => {
    await swipeLeft(phone.page)
    await phone.page.getByText('Chat archived').waitFor()
    await line(desk.page).waitFor({ state: 'detached' })
    await phone.page.getByRole('button', { name: 'Undo' }).tap()
    for (const page of both()) await line(page).waitFor()
    expect([...desk.complaints, ...phone.complaints]).toEqual([])
  })
})

it('a link to a person that is followed in the page opens the chat', async () => {
  await desk.page.evaluate(() => location.assign('#/u/user4'))
  await desk.page.getByRole('heading', { name: /Daniel/ }).waitFor()
  expect(new URL(desk.page.url()).hash).toMatch(/^#\/c\//)
})
