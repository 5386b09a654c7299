import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, chatIdOf, composer, openFromList, openTab, register, row, say, type Tab, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let anna: Tab
let boris: Tab
let withBoris: string
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  ;[anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url)])
  await Promise.all([register(anna.page, 'Anna Berg'), register(boris.page, 'Boris Klein')])
  await writeTo(anna.page, 'Boris Klein')
  await say(anna.page, 'First')
  withBoris = chatIdOf(anna.page)
  await openFromList(boris.page, 'Anna Berg')
  await row(boris.page, 'First').waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
const meOf = (page: Page) =>
  page.evaluate(() => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { user: { id: string } }).user.id)

describe('foreign letters', () => {
  it('with 240 marks each are drawn inside their own line', async () => {
    const text = Array.from('abcdef', (letter) => letter + '\u0301'.repeat(240)).join('')
    await call(boris.page, 'POST', `/chats/${chatIdOf(boris.page)}/messages`, [{ client_message_id: 'marks', text }])
    const bubble = anna.page.locator('article').last().locator('[data-bubble]')
    await eventually(async () => expect(await bubble.innerText()).toContain('abc'.slice(0, 1)))
    expect(await bubble.evaluate((element) => getComputedStyle(element).contain)).toContain('paint')
    const link = anna.page.getByRole('navigation').getByRole('link').first()
    expect(await link.evaluate((element) => getComputedStyle(element).contain)).toContain('paint')
    expect(await fits(anna.page)).toBe(true)
  })

  it('128 wide ones in a name scroll nothing sideways', async () => {
    await call(boris.page, 'PATCH', '/users/me', [{ name: 'W'.repeat(128) }])
    await anna.page.reload()
    await anna.page.getByRole('heading', { name: /WWW/ }).waitFor()
    expect(await fits(anna.page)).toBe(true)
    await anna.page.setViewportSize({ width: 360, height: 640 })
    expect(await fits(anna.page)).toBe(true)
    await anna.page.setViewportSize({ width: 1100, height: 760 })
    await call(boris.page, 'PATCH', '/users/me', [{ name: 'Boris Klein' }])
  })

  it('that are written from right to left leave numbers where they belong', async () => {
    const id = await meOf(boris.page)
    await call(anna.page, 'POST', '/chats', [{ kind: 'group', name: 'מבחן', member_ids: [id] }])
    await call(boris.page, 'PATCH', '/users/me', [{ name: 'שרה' }])
    await openFromList(boris.page, 'מבחן')
    await say(boris.page, '123 apples')
    const preview = anna.page.getByRole('link').filter({ hasText: '123 apples' }).locator('bdi', { hasText: '123 apples' }).last()
    await preview.waitFor()
    expect(await preview.evaluate((element) => getComputedStyle(element).unicodeBidi)).toBe('isolate')
    const x = (part: string) =>
      anna.page.evaluate((wanted) => {
        const line = [...document.querySelectorAll('nav a bdi')].find((element) => element.textContent === wanted)
        return line!.getBoundingClientRect().x
      }, part)
    expect(await x('שרה: ')).toBeLessThan(await x('123 apples'))
    await call(boris.page, 'PATCH', '/users/me', [{ name: 'Boris Klein' }])
  })

  it('that cannot be seen are not sent, and the page says why', async () => {
    await anna.page.locator(`nav a[href="#/c/${withBoris}"]`).click()
    await composer(anna.page).fill('\u2800\u200b\u3164')
    await anna.page.getByText('A message needs at least one visible character.').waitFor()
    expect(await anna.page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    await composer(anna.page).fill('')
  })
})

describe('what happens in a group', () => {
  it('stands between its messages, in words', async () => {
    const id = await meOf(boris.page)
    await anna.page.getByRole('link').filter({ hasText: '123 apples' }).click()
    const chatId = chatIdOf(anna.page)
    await row(anna.page, '123 apples').waitFor()
    const feed = anna.page.getByRole('feed')
    await feed.getByText(/Anna Berg. created the group/).waitFor()
    await call(anna.page, 'PATCH', `/chats/${chatId}`, [{ name: 'Test round' }])
    await feed.getByText(/Anna Berg. renamed the group to “.Test round.”/).waitFor()
    await call(anna.page, 'PATCH', `/chats/${chatId}/members/${id}`, [{ role: 'admin' }])
    await feed.getByText(/is now an admin/).waitFor()
    await say(anna.page, 'After that')
    const order = (await feed.innerText()).replace(/[\u2068\u2069]/g, '')
    expect(order.indexOf('created the group')).toBeLessThan(order.indexOf('123 apples'))
    expect(order.indexOf('is now an admin')).toBeLessThan(order.indexOf('After that'))
    await call(anna.page, 'DELETE', `/chats/${chatId}/members/${id}`)
    await feed.getByText(/was removed/).waitFor()
  })
})

describe('a draft', () => {
  it('still answers the same message after another chat, and after a reload', async () => {
    const { page } = anna
    await page.locator(`nav a[href="#/c/${withBoris}"]`).click()
    await row(page, 'First').hover()
    await row(page, 'First').getByRole('button', { name: 'Reply' }).click()
    await composer(page).fill('half an answer')
    await page.getByRole('link').filter({ hasText: 'Test round' }).click()
    await row(page, 'After that').waitFor()
    await page.goBack()
    await page.getByText('Replying to Anna Berg').waitFor()
    expect(await composer(page).inputValue()).toBe('half an answer')
    await page.reload()
    await page.getByText('Replying to Anna Berg').waitFor()
    await composer(page).press('Enter')
    expect(await row(page, 'half an answer').getByRole('button', { name: /First/ }).count()).toBe(1)
  })

  it('of 700,000 characters stalls nothing', async () => {
    const { page } = anna
    await composer(page).evaluate((field: HTMLTextAreaElement) => {
      field.focus()
      document.execCommand('insertText', false, 'lorem ipsum '.repeat(58_334))
    })
    const spent = await composer(page).evaluate((field: HTMLTextAreaElement) => {
      field.focus()
      field.setSelectionRange(field.value.length, field.value.length)
      const begun = performance.now()
      document.execCommand('insertText', false, 'x')
      return performance.now() - begun
    })
    expect(spent).toBeLessThan(1_000)
    await page.getByText(/characters too many/).waitFor()
    await composer(page).fill('')
  })
})

describe('an invitation', () => {
  it('finds exactly its user among many that begin alike; one’s own and nobody’s lead on', async () => {
    const { page } = anna
    await page.goto(`${service.url}/?with=boris`)
    await page.getByText('No one is called @boris.').waitFor()
    await page.keyboard.press('Escape')
    const own = await page.evaluate(
      () => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { user: { username: string } }).user.username,
    )
    await page.goto(`${service.url}/?with=${own}`)
    await page.getByText('This is your own link.').waitFor()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    for (let n = 0; n < 120; n++)
      await page.request.post(`${service.url}/api/v1/auth/register`, {
        data: { name: `Ivan ${n}`, email: `ivan${n}@example.com`, password: 'correct horse battery', username: `ivan${n}x` },
      })
    await page.request.post(`${service.url}/api/v1/auth/register`, {
      data: { name: 'Zoltan Last', email: 'ivan@example.com', password: 'correct horse battery', username: 'ivan' },
    })
    await page.goto(`${service.url}/?with=ivan`)
    await page.getByRole('heading', { name: /Zoltan Last/ }).waitFor()
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  }, 120_000)
})
