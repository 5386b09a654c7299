import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export interface Tab {
  readonly page: Page
  /** What went wrong in it so far, and requests to other hosts. */
  readonly complaints: string[]
}

/** A browser window of its own, so of somebody of its own. */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1100, height: 760 }, serviceWorkers: 'block', ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`threw ${String(error)}`))
  page.on('console', (message) => {
    // Chromium tells of every answer that is a refusal, and of a server that is not there; these are not the page's mistakes.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection to/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) complaints.push(`asked ${request.url()}`)
  })
  page.setDefaultTimeout(30_000)
  await page.goto(url)
  return { page, complaints }
}

/** A small screen that is touched. */
export const PHONE = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }

/** Another device of the same session. */
export async function deviceOf(browser: Browser, { page }: Tab, options: BrowserContextOptions = PHONE): Promise<Tab> {
  const other = await openTab(browser, new URL('/', page.url()).href.slice(0, -1), options)
  const session = await page.evaluate(() => localStorage.getItem('windi-chat.session')!)
  await other.page.evaluate((kept) => localStorage.setItem('windi-chat.session', kept), session)
  await other.page.reload()
  await other.page.getByRole('navigation').waitFor()
  return other
}

/** Twice as large letters. */
export const enlarge = (page: Page) => page.addStyleTag({ content: 'html { font-size: 200% }' })

/** By how many pixels what a part shows is wider than the screen, or than the part itself, once it has stopped moving. */
export async function sidewaysOf(page: Page, part: string): Promise<number> {
  await settled(page, part)
  return page.locator(part).evaluate((body) => {
    const right = Math.max(...[body, ...body.querySelectorAll('*')].map((one) => one.getBoundingClientRect().right))
    return Math.max(0, right - innerWidth, body.scrollWidth - body.clientWidth)
  })
}

export async function register(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Email').fill(`${name.toLowerCase().replaceAll(' ', '.')}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('navigation').waitFor()
}

export async function registerInRussian(page: Page, name: string): Promise<void> {
  await page.getByLabel('Имя', { exact: true }).fill(name)
  await page.getByLabel('Почта').fill('boris@example.com')
  await page.getByLabel('Пароль', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Создать аккаунт' }).click()
  await page.getByRole('navigation').waitFor()
}

/** Opens one part of the settings. */
export async function settings(page: Page, tab: string): Promise<void> {
  await page.getByRole('button', { name: 'Settings', exact: true }).click()
  await page.getByRole('tab', { name: tab }).click()
}

/** Opens one part of the settings or the administration from their list on a phone. */
export const openPart = (page: Page, part: string | RegExp) =>
  page.getByRole('dialog').getByRole('listitem').getByRole('button', { name: part, exact: true }).tap()

/** What is scrolled in a page of the settings on a phone. */
export const partOf = (page: Page) => page.getByRole('dialog').locator('[data-page]')

/** Opens the private chat with somebody by searching for them. Guests find people by the whole username only. */
export async function writeTo(page: Page, name: string, sought = name): Promise<void> {
  await page.getByRole('searchbox').fill(sought)
  await page.getByRole('group', { name: 'Results' }).getByRole('button', { name }).first().click()
  await composer(page).waitFor()
}

/** By the title of a chat, not by who wrote there. */
export const openFromList = (page: Page, title: string) =>
  page
    .getByRole('navigation')
    .getByRole('link')
    .filter({ has: page.getByText(title, { exact: true }) })
    .click()

export const composer = (page: Page) => page.getByRole('textbox', { name: 'Message' })

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text)
  await composer(page).press('Enter')
}

export const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

/** The chat that the address names. */
export const chatIdOf = (page: Page): string => new URL(page.url()).hash.replace('#/c/', '')

/** The id of whoever is signed in there. */
export const idOf = (page: Page) =>
  page.evaluate(() => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { user: { id: string } }).user.id)

export const panelOf = (page: Page, name: string) => page.getByRole('complementary', { name })

/** Calls the service as whoever is signed in there. */
export const call = (page: Page, method: string, path: string, bodies: readonly object[] = [{}]): Promise<void> =>
  page.evaluate(
    async ([verb, address, all]) => {
      const { accessToken } = JSON.parse(localStorage.getItem('windi-chat.session') ?? '{}') as { accessToken?: string }
      const headers = { 'authorization': `Bearer ${accessToken}`, 'content-type': 'application/json' }
      for (const body of all) {
        const request = { method: verb, headers, body: JSON.stringify(body) }
        const { ok, status } = await fetch(`/api/v1${address}`, request)
        if (!ok) throw new Error(`${verb} ${address} answered ${status}`)
      }
    },
    [method, path, bodies] as const,
  )

/** All messages that are in sight, from top to bottom. */
export const texts = (page: Page): Promise<string[]> => page.locator('article [dir=auto]').allInnerTexts()

/** What can be done with a message, by the menu. */
export async function choose(page: Page, text: string, action: string): Promise<void> {
  await row(page, text).hover()
  await row(page, text).getByRole('button', { name: 'Actions for the message' }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** Leaves the page and deletes what the browser keeps of its chats: the page writes that once more while it is left. */
export async function forgetCopies(page: Page): Promise<void> {
  await page.goto(new URL('/readyz', page.url()).href)
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase('windi-chat.copies')
        request.onsuccess = () => resolve()
        request.onerror = () => reject(new Error('not to be deleted'))
      }),
  )
}

/** What moves has arrived where it belongs. */
async function settled(page: Page, part: string): Promise<void> {
  await page.locator(part).first().waitFor()
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    return Promise.allSettled(ending.map(({ finished }) => finished))
  })
}

/** What axe finds in a part of the page, once it is there and has stopped moving. */
export async function violations(page: Page, part: string) {
  await settled(page, part)
  return (await new AxeBuilder({ page }).include(part).analyze()).violations
}
