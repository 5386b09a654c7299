import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, composer, openTab, register, row, say, settings, writeTo } from '../tab.ts'
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

const secondTab = async (page: Page, path = '/') => {
  const second = await page.context().newPage()
  await second.goto(service.url + path)
  return second
}
const isSignedIn = (page: Page) => page.getByRole('navigation', { name: 'Chats' }).waitFor()
const isSignedOut = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()

async function signInAgain(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isSignedIn(page)
}

describe('a part of the sign-in that cannot be loaded', () => {
  it.each([
    ['en-GB', /Already have an account/, 'Forgot password?', "The server can't be reached. Check your connection and try again."],
    ['ru-RU', /Уже есть аккаунт/, 'Забыли пароль?', 'Сервер недоступен. Проверьте связь и попробуйте ещё раз.'],
  ] as const)('is told where it was asked for, in %s, and leaves the way in', async (locale, toSignIn, forgot, fault) => {
    const { page } = await openTab(browser, service.url, { locale })
    await page.route('**/assets/recover-*', (route) => route.abort())
    await page.getByRole('button', { name: toSignIn }).click()
    await page.getByRole('button', { name: forgot }).click()
    await page.getByRole('alert').filter({ hasText: fault }).waitFor()
    expect(await page.getByRole('button', { name: forgot }).isEnabled()).toBe(true)
    await page.context().close()
  })
})

describe('a session', () => {
  it('is one for all tabs of a browser, also after it has been closed, for guests as well', async () => {
    const { page, complaints } = await openTab(browser, service.url)
    await page.getByRole('button', { name: /Continue as a guest/ }).click()
    await isSignedIn(page)
    await isSignedIn(await secondTab(page))
    const storageState = await page.context().storageState()
    await page.context().close()
    const again = await openTab(browser, service.url, { storageState })
    await isSignedIn(again.page)
    expect([...complaints, ...again.complaints]).toEqual([])
    await again.page.context().close()
  })

  it('that ends by choice ends in all tabs, and leaves no draft', async () => {
    const { page } = await openTab(browser, service.url)
    await register(page, 'Ada Quiet')
    await writeTo(page, 'Boris Keller')
    await composer(page).fill('half a thought')
    const second = await secondTab(page)
    await isSignedIn(second)
    await settings(page, 'Account')
    await page.getByRole('button', { name: 'Sign out' }).last().click()
    await Promise.all([isSignedOut(page), isSignedOut(second)])
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => /draft|session|login/.test(key)))).toEqual([])
    await page.context().close()
  })

  it('that ends elsewhere says so, knows the login, keeps the draft and leads back to the chat', async () => {
    const { page } = await openTab(browser, service.url)
    await register(page, 'Bea Gone')
    await writeTo(page, 'Boris Keller')
    await composer(page).fill('half a thought')
    const { hash } = new URL(page.url())
    await call(page, 'POST', '/auth/logout')
    await page.getByRole('alert').getByText('You were signed out.').waitFor()
    expect(await page.getByLabel('Email or username').inputValue()).toBe('bea.gone@example.com')
    await signInAgain(page)
    expect(new URL(page.url()).hash).toBe(hash)
    await eventually(async () => expect(await composer(page).inputValue()).toBe('half a thought'))
    await page.context().close()
  })

  it('of another user shows nothing of the first', async () => {
    const { page } = await openTab(browser, service.url)
    await register(page, 'Cleo First')
    await writeTo(page, 'Boris Keller')
    await composer(page).fill('for my eyes only')
    await call(page, 'POST', '/auth/logout')
    await isSignedOut(page)
    await page.getByRole('button', { name: 'New here? Create an account' }).click()
    await page.getByLabel('Email').fill('')
    await register(page, 'Dora Second')
    await writeTo(page, 'Boris Keller')
    expect(await composer(page).inputValue()).toBe('')
    expect(await page.getByText('for my eyes only').count()).toBe(0)
    await page.context().close()
  })

  it('is not ended without a word while something waits to be sent', async () => {
    const { page } = await openTab(browser, service.url)
    await register(page, 'Edda Slow')
    await writeTo(page, 'Boris Keller')
    await page.getByRole('button', { name: 'Settings', exact: true }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.context().setOffline(true)
    await say(page, 'From the tunnel')
    await row(page, 'From the tunnel').waitFor()
    await settings(page, 'Account')
    await page.getByRole('button', { name: 'Sign out' }).last().click()
    await page.getByRole('alertdialog', { name: '1 message is not sent yet' }).waitFor()
    expect(await row(page, 'From the tunnel').count()).toBe(1)
    await page.context().close()
  })
})

it('e-mail and password survive a change between the two forms, and a taken address leads to signing in', async () => {
  const { page, complaints } = await openTab(browser, service.url)
  await register(page, 'Finn Known')
  const other = await openTab(browser, service.url)
  await other.page.getByLabel('Name', { exact: true }).fill('Finn Again')
  await other.page.getByLabel('Email').fill('finn.known@example.com')
  await other.page.getByLabel('Password', { exact: true }).fill('correct horse battery')
  await other.page.getByRole('button', { name: 'Create account' }).click()
  await other.page.getByText('This email is already registered.').waitFor()
  await other.page.getByRole('button', { name: 'Sign in with this address' }).click()
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isSignedIn(other.page)
  expect([...complaints, ...other.complaints]).toEqual([])
  await Promise.all([page.context().close(), other.page.context().close()])
})

it('a form says what is missing or wrong in its own words and language, at the field, until it is mended', async () => {
  const { page, complaints } = await openTab(browser, service.url)
  const wrong = () => page.locator('[aria-invalid=true]').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).name))
  await page.getByRole('button', { name: 'Create account' }).click()
  expect(await wrong()).toEqual(['name', 'email', 'password'])
  expect(await page.getByText('Fill in this field.').count()).toBe(3)
  expect(await page.getByLabel('Name', { exact: true }).evaluate((field) => field === document.activeElement)).toBe(true)
  await page.getByLabel('Name', { exact: true }).fill('Ida')
  await page.getByLabel('Email').fill('ida')
  await page.getByLabel('Password', { exact: true }).pressSequentially('short')
  expect(await wrong()).toEqual([])
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByText('Enter an email address, like name@example.com.').waitFor()
  await page.getByText('At least 8 characters.').waitFor()
  await page.getByRole('radio', { name: 'Русский' }).check()
  await page.getByText('Введите почту, например name@example.com.').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

it('theme and language chosen in one tab hold in all', async () => {
  const { page } = await openTab(browser, service.url)
  await register(page, 'Gala Both')
  const second = await secondTab(page)
  await isSignedIn(second)
  await settings(page, 'Appearance')
  await page.getByRole('radio', { name: 'Dark' }).check()
  await page.getByRole('tab', { name: 'Language' }).click()
  await page.getByRole('radio', { name: 'Русский' }).check()
  await second.getByRole('navigation', { name: 'Чаты' }).waitFor()
  await eventually(async () => expect(await second.locator('html').getAttribute('data-theme')).toBe('dark'))
  expect(await second.locator('meta[name=theme-color]').evaluateAll((all) => all.map((meta) => meta.getAttribute('content')))).toEqual([
    '#0f1114',
    '#0f1114',
  ])
  await page.context().close()
})
