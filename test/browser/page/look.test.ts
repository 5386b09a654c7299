import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { composer, openPart, openTab, register, row, say, settings, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService({ env: { DEMO: 'on' } }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

async function expectAccessible(page: Page): Promise<void> {
  // What still fades in has not its colours yet.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    return Promise.allSettled(ending.map(({ finished }) => finished))
  })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' · ')}`)).toEqual([])
}

const asGuest = async (page: Page, words: RegExp = /Continue as a guest/) => {
  await page.getByRole('button', { name: words }).click()
  await page.getByRole('navigation').waitFor()
}

describe('the page', () => {
  it('lets two tabs write to each other within a minute of the start', async () => {
    const begun = performance.now()
    await using fresh = await startService({ env: { DEMO: 'on' } })
    const one = await openTab(browser, fresh.url)
    await asGuest(one.page)
    await one.page.getByRole('button', { name: 'New chat' }).first().click()
    const link = await one.page.getByTestId('invitation').innerText()
    await one.page.keyboard.press('Escape')

    const { page: other } = await openTab(browser, link)
    await other.getByText(/invited you to chat/).waitFor()
    await asGuest(other)
    await say(other, 'Here I am')
    await one.page.getByRole('navigation').getByText('Here I am').waitFor()
    expect(performance.now() - begun).toBeLessThan(60_000)
    expect(one.complaints).toEqual([])
    await Promise.all([one.page.context().close(), other.context().close()])
  })

  it('opens as another person in a tab of its own', async () => {
    const { page } = await openTab(browser, service.url)
    await asGuest(page)
    await settings(page, 'Account')
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: 'Use another account' }).click(),
    ])
    await other.getByRole('button', { name: 'Create account' }).waitFor()
    await asGuest(other)
    await other.reload()
    await other.getByRole('navigation').waitFor()
    const userOf = (where: Page, storage: 'localStorage' | 'sessionStorage') =>
      where.evaluate((name) => (JSON.parse(window[name].getItem('windi-chat.session')!) as { user: { id: string } }).user.id, storage)
    expect(await userOf(other, 'sessionStorage')).not.toBe(await userOf(page, 'localStorage'))
    await page.reload()
    await page.getByRole('navigation').waitFor()
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)(
    'is accessible in the %s',
    async (colorScheme) => {
      const { page, complaints } = await openTab(browser, service.url, { colorScheme, reducedMotion: 'reduce' })
      await page.getByRole('button', { name: /Continue as a guest/ }).waitFor()
      await expectAccessible(page)
      await register(page, `Vera ${colorScheme}`)
      await expectAccessible(page)
      await writeTo(page, 'Boris Keller')
      await say(page, 'See https://example.org')
      await row(page, 'example.org').getByRole('img', { name: 'Sent' }).waitFor()
      await expectAccessible(page)
      await page.getByRole('button', { name: 'Settings', exact: true }).click()
      await page.getByRole('dialog').waitFor()
      await expectAccessible(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'New chat' }).first().click()
      await page.getByRole('dialog').getByText('@user2').waitFor()
      await expectAccessible(page)
      expect(complaints).toEqual([])
      await page.context().close()
    },
    60_000,
  )

  it('speaks Russian, with its plurals, its dates and its words for emoji', async () => {
    const { page, complaints } = await openTab(browser, service.url, { locale: 'ru-RU' })
    await asGuest(page, /Войти как гость/)
    expect(await page.locator('html').getAttribute('lang')).toBe('ru')
    await page.getByRole('searchbox').fill('user2')
    await page.getByRole('group', { name: 'Результаты' }).getByRole('button', { name: 'Boris Keller' }).first().click()
    const field = page.getByRole('textbox', { name: 'Сообщение' })
    await field.fill('Привет')
    await field.press('Enter')
    await page.getByRole('feed').getByText('Сегодня').waitFor()
    await row(page, 'Привет').getByRole('img', { name: 'Отправлено' }).waitFor()
    await page.getByRole('button', { name: 'Эмодзи' }).click()
    await page.getByRole('searchbox', { name: 'Поиск эмодзи' }).fill('ракета')
    await page
      .getByRole('gridcell', { name: /ракета/i })
      .first()
      .click()
    await eventually(async () => expect(await field.inputValue()).toBe('🚀'))
    await field.fill('x'.repeat(4_099))
    await page.getByText('3 лишних символа').waitFor()
    await field.fill('x'.repeat(4_101))
    await page.getByText('5 лишних символов').waitFor()
    await field.fill('')
    await page.getByRole('button', { name: 'Настройки', exact: true }).click()
    await expectAccessible(page)
    await page.getByRole('tab', { name: 'Язык' }).click()
    await page.getByRole('radio', { name: 'English' }).check()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    await page.getByRole('tab', { name: 'Appearance' }).click()
    await page.getByRole('radio', { name: 'Dark' }).check()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await page.reload()
    await page.getByRole('navigation', { name: 'Chats' }).waitFor()
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('fits a phone', async () => {
    const viewport = { width: 360, height: 640 }
    const { page, complaints } = await openTab(browser, service.url, { viewport, hasTouch: true, isMobile: true })
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
    expect(await fits()).toBe(true)
    await asGuest(page)
    expect(await fits()).toBe(true)
    await writeTo(page, 'Boris Keller', 'user2')
    await composer(page).fill('From my phone, with quite a long text that needs more than one line of a narrow screen')
    await composer(page).press('Enter')
    await composer(page).pressSequentially('and a second line')
    await page.getByRole('button', { name: 'Send' }).tap()
    await row(page, 'and a second line').waitFor()
    await row(page, 'From my phone').getByText('From my phone').tap()
    await page.getByRole('menuitem', { name: 'Reply' }).tap()
    await page.getByText('Replying to').waitFor()
    expect(await fits()).toBe(true)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Back to chats' }).tap()
    await page.getByRole('navigation').getByRole('link', { name: 'Boris Keller' }).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it.each([
    [
      'en-GB',
      { way: /Already have an account/, login: /Email or/, password: 'Password', enter: 'Sign in', counts: '5 members · 1 online' },
    ],
    ['ru-RU', { way: /Уже есть аккаунт/, login: /Почта или/, password: 'Пароль', enter: 'Войти', counts: '5 участников · 1 в сети' }],
  ])('cuts neither numbers nor addresses on a phone, and speaks of no keys, in %s', async (locale, words) => {
    const viewport = { width: 360, height: 640 }
    const { page, complaints } = await openTab(browser, service.url, { locale, viewport, hasTouch: true, isMobile: true })
    await page.getByRole('button', { name: words.way }).tap()
    await page.getByLabel(words.login).fill('user1')
    await page.getByLabel(words.password, { exact: true }).fill('password123')
    await page.getByRole('button', { name: words.enter, exact: true }).tap()
    await page.getByRole('navigation').getByRole('link', { name: 'Все вместе' }).tap()
    const heading = page.getByRole('heading', { name: 'Все вместе' })
    await heading.getByText(words.counts.split(' · ')[1]!).waitFor()
    expect(await heading.innerText()).toContain(words.counts)
    const isCut = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }: HTMLElement) =>
      scrollWidth > clientWidth || scrollHeight > clientHeight
    expect(await heading.locator('button > span > span').last().evaluate(isCut)).toBe(false)

    await page.goto(service.url)
    await page.getByRole('button', { name: /^(Me|Мой профиль)$/ }).tap()
    await openPart(page, /^(Profile|Профиль)$/)
    const link = page.getByTestId('invitation')
    expect(await link.innerText()).toBe(`${service.url}/?with=user1`)
    expect(await link.evaluate(isCut)).toBe(false)
    await page.getByRole('button', { name: /^(Back|Назад)$/ }).tap()
    await openPart(page, /^(Devices|Устройства)$/)
    await page.getByRole('listitem').filter({ hasText: 'Chrome' }).first().waitFor()
    expect(await page.getByText('Ctrl').filter({ visible: true }).count()).toBe(0)
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('can be used without a mouse', async () => {
    const { page } = await openTab(browser, service.url)
    await asGuest(page)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('user4')
    await page.getByRole('option', { name: /Daniel/ }).waitFor()
    await page.keyboard.press('Enter')
    await composer(page).waitFor()
    await eventually(async () => expect(await composer(page).evaluate((field) => field === document.activeElement)).toBe(true))
    await page.keyboard.type('Up')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Down')
    await page.keyboard.press('Enter')
    await row(page, 'Down').getByRole('img', { name: 'Sent' }).waitFor()
    await row(page, 'Down').focus()
    await page.keyboard.press('ArrowUp')
    await eventually(async () => expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Up'))
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await settings(page, 'Keyboard')
    await page.getByText('Ctrl K').waitFor()
    await page.context().close()
  })
})

it('needs at most 220 kB of script, packed, for the first view', async () => {
  const file = (path: string) => fileURLToPath(new URL(`../../../dist/web${path}`, import.meta.url))
  const html = await readFile(file('/index.html'), 'utf8')
  const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => path!)
  expect(scripts.length).toBeGreaterThan(0)
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
  const sizes = await Promise.all(scripts.map(async (path) => gzipSync(await readFile(file(path))).length))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(220_000)
})
