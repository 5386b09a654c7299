import { readFile } from 'node:fs/promises'
import { Secret, TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { windiChat } from '../../support/command.ts'
import { freePort } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { type Smtp, startSmtp } from '../../support/smtp.ts'
import { call, openFromList, openPart, openTab, partOf, register, row, say, settings, type Tab, violations } from '../tab.ts'

const CODE = /Your code is (\d{6})/
const RESET = /works once:\s+([\w-]{43})/
const PASSWORD = 'correct horse battery'
const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true }

let smtp: Smtp
let service: Service
let browser: Browser
/** Passkeys belong to a host that has a name. */
let url: string
let nora: Tab

beforeAll(async () => {
  const port = await freePort()
  url = `http://localhost:${port}`
  smtp = await startSmtp()
  const env = { MAIL_URL: smtp.url, MAIL_FROM: 'chat@example.com', GUESTS: 'on', PUBLIC_URL: url }
  ;[service, browser] = await Promise.all([startService({ port, env }), launchBrowser()])
  nora = await openTab(browser, url)
  await register(nora.page, 'Nora Lind')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await smtp?.close()
})

const usernameOf = (page: Page) =>
  page.evaluate(() => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { user: { username: string } }).user.username)
const closeSettings = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Close' }).first().click()
async function signOut(page: Page): Promise<void> {
  await settings(page, 'Account')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Email or username').waitFor()
}
async function signIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email or username').fill(login)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
const isIn = (page: Page) => page.getByRole('navigation').waitFor()
const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^(Settings|Account)$/ })
async function withPassword(page: Page, button: string): Promise<void> {
  await dialogOf(page).getByLabel('Current password', { exact: true }).fill(PASSWORD)
  await dialogOf(page).getByRole('button', { name: button, exact: true }).click()
}

describe('an email', () => {
  it('is verified by the code that was mailed; a wrong one is said at the field', async () => {
    const { page } = nora
    await settings(page, 'Account')
    await dialogOf(page).getByText('not verified').waitFor()
    const code = dialogOf(page).getByLabel('Code', { exact: true })
    await code.fill('000000')
    await code.press('Enter')
    await page.getByText('This code is wrong or has expired.').waitFor()
    await smtp.mail('nora.lind@example.com', CODE)
    await dialogOf(page).getByRole('button', { name: 'Send another code' }).click()
    await page.getByText('Another code is on its way').waitFor()
    const [, mailed] = await smtp.mail('nora.lind@example.com', CODE)
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await code.fill(mailed!)
    await code.press('Enter')
    await page.getByText('Email verified').waitFor()
    expect(await dialogOf(page).getByText('not verified').count()).toBe(0)
    await closeSettings(page)
  })
})

describe('a guest', () => {
  it('finds people by the whole username, and keeps the account and its chats with an email and a password', async () => {
    const guest = await openTab(browser, url, phone)
    const { page } = guest
    await page.getByRole('button', { name: 'Continue as a guest' }).tap()
    await isIn(page)
    await page.getByRole('button', { name: 'New chat' }).first().tap()
    await page.getByText('Guests find people by their whole username only.').waitFor()
    expect(await page.getByRole('button', { name: 'New group' }).count()).toBe(0)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).tap()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.waitForTimeout(100)
    await page.goto(`${url}/?with=${await usernameOf(nora.page)}`)
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello from a guest')
    await page.getByRole('button', { name: 'Send' }).tap()
    await row(page, 'Hello from a guest').getByRole('img', { name: 'Sent' }).waitFor()
    await page.evaluate(() => location.assign('#/settings/profile'))
    const keep = page.getByRole('heading', { name: 'Keep this account' })
    await keep.waitFor()
    expect(await partOf(page).getByRole('heading').first().innerText()).toBe('Keep this account')
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await page.getByLabel('Email').fill('otto@example.com')
    await page.getByLabel('Password', { exact: true }).fill('password123')
    await page.getByRole('button', { name: 'Keep this account' }).tap()
    await page.getByText('At least 8 characters, and not a common one.').waitFor()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Keep this account' }).tap()
    await page.getByText('The account is yours now').waitFor()
    await keep.waitFor({ state: 'detached' })
    const [, code] = await smtp.mail('otto@example.com', CODE)
    await page.getByRole('button', { name: 'Back', exact: true }).tap()
    await openPart(page, 'Account')
    await dialogOf(page).getByLabel('Code', { exact: true }).fill(code!)
    await dialogOf(page).getByRole('button', { name: 'Verify' }).tap()
    await page.getByText('Email verified').waitFor()
    await dialogOf(page).getByRole('button', { name: 'Sign out' }).tap()
    await signIn(page, 'otto@example.com')
    await page
      .getByRole('navigation')
      .getByRole('link', { name: /Nora Lind/ })
      .waitFor()
    expect(guest.complaints).toEqual([])
    await page.context().close()
  })
})

describe('the data of a person', () => {
  it('is saved as a file', async () => {
    const { page } = nora
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Notebook' }])
    await openFromList(page, 'Notebook')
    await say(page, 'This is mine')
    await row(page, 'This is mine')
      .getByRole('img', { name: /Sent|Read/ })
      .waitFor()
    await settings(page, 'Account')
    const saved = page.waitForEvent('download')
    await dialogOf(page).getByRole('button', { name: 'Export my data' }).press('Enter')
    const file = await (await saved).path()
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'))
    expect(lines.some((line) => line.includes('This is mine'))).toBe(true)
    expect((await saved).suggestedFilename()).toMatch(/^windi-chat-\d{4}-\d\d-\d\d\.jsonl$/)
    await page.getByText('Your data is saved').waitFor()
    await closeSettings(page)
  })
})

describe('a forgotten password', () => {
  it('is replaced by a mailed code, on a phone and in Russian', async () => {
    const tab = await openTab(browser, url, { ...phone, locale: 'ru-RU' })
    const { page } = tab
    await page.getByRole('button', { name: 'Уже есть аккаунт? Войдите' }).tap()
    await page.getByLabel('Почта или имя пользователя').fill('otto@example.com')
    await page.getByRole('button', { name: 'Забыли пароль?' }).tap()
    await page.getByRole('heading', { name: 'Новый пароль' }).waitFor()
    expect(await page.getByLabel('Почта или имя пользователя').inputValue()).toBe('otto@example.com')
    expect(await violations(page, 'main')).toEqual([])
    await page.getByRole('button', { name: 'Отправить код' }).tap()
    const [, code] = await smtp.mail('otto@example.com', RESET)
    await page.getByLabel('Код', { exact: true }).fill('not-this-one')
    await page.getByLabel('Новый пароль').fill('another horse battery')
    await page.getByRole('button', { name: 'Сменить пароль и войти' }).tap()
    await page.getByText('Код неверен или устарел.').waitFor()
    expect(await violations(page, 'main')).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    await page.getByLabel('Код', { exact: true }).fill(code!)
    await page.getByRole('button', { name: 'Сменить пароль и войти' }).tap()
    await isIn(page)
    expect(tab.complaints).toEqual([])
    await page.context().close()
  })

  it('is replaced by a code that the staff gives', async () => {
    const { stdout } = await windiChat(service.folder, ['user', 'recovery', 'otto@example.com', '--json'])
    const [code] = /[\w-]{43}/.exec(stdout) ?? []
    const tab = await openTab(browser, url)
    const { page } = tab
    await page.getByRole('button', { name: 'Already have an account? Sign in' }).click()
    await page.getByRole('button', { name: 'Forgot password?' }).click()
    await page.getByRole('button', { name: 'I have a code' }).press('Enter')
    await page.getByLabel('Code', { exact: true }).fill(code!)
    await page.getByLabel('New password').fill('a third horse battery')
    await page.getByLabel('New password').press('Enter')
    await isIn(page)
    expect(tab.complaints).toEqual([])
    await page.context().close()
  })
})

describe('a second factor', () => {
  it('is an app whose code is asked for at sign-in; a recovery code stands for it, and it is removed', async () => {
    const { page } = nora
    await settings(page, 'Account')
    await dialogOf(page).getByRole('button', { name: 'Add an authenticator app' }).click()
    await withPassword(page, 'Next')
    const secret = await page.getByTestId('totp-secret').innerText()
    const appCode = () => new TOTP({ secret: Secret.fromBase32(secret.replaceAll(/\s/g, '')) }).generate()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await dialogOf(page).getByRole('img', { name: 'QR code for the authenticator app' }).waitFor()
    await dialogOf(page).getByLabel('Code of the app').fill(appCode())
    await dialogOf(page).getByRole('button', { name: 'Confirm' }).click()
    const codes = dialogOf(page).getByRole('group', { name: 'Recovery codes' })
    await codes.waitFor()
    const [first] = await codes.getByRole('listitem').allInnerTexts()
    expect(await violations(page, '[role=dialog]')).toEqual([])
    await codes.getByRole('button', { name: 'I have kept them' }).click()
    await dialogOf(page).getByText('10 recovery codes left').waitFor()
    await closeSettings(page)

    await signOut(page)
    await signIn(page, 'nora.lind@example.com')
    const field = page.getByLabel('Code of the authenticator app, or a recovery code')
    await field.fill('000000')
    await field.press('Enter')
    await page.getByText('This code is wrong or has expired.').waitFor()
    expect(await violations(page, 'main')).toEqual([])
    await field.fill(first!)
    await field.press('Enter')
    await isIn(page)

    await settings(page, 'Account')
    await dialogOf(page).getByText('9 recovery codes left').waitFor()
    await dialogOf(page)
      .getByRole('button', { name: /^Remove .Authenticator app/ })
      .click()
    await dialogOf(page).getByLabel('Current password', { exact: true }).fill('not this one')
    await dialogOf(page).getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Wrong password.').waitFor()
    await withPassword(page, 'Remove')
    await dialogOf(page).getByText('Authenticator app', { exact: false }).filter({ hasText: 'Linux' }).waitFor({ state: 'detached' })
    await closeSettings(page)
    await signOut(page)
    await signIn(page, 'nora.lind@example.com')
    await isIn(page)
  })
})

describe('a passkey', () => {
  it('is made, signs in without a password, and is removed', async () => {
    const { page } = nora
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    })
    await settings(page, 'Account')
    await dialogOf(page).getByRole('button', { name: 'Add a passkey' }).click()
    await withPassword(page, 'Add a passkey')
    await dialogOf(page).getByRole('button', { name: 'I have kept them' }).click()
    await dialogOf(page)
      .getByRole('button', { name: /^Remove .Passkey/ })
      .waitFor()
    await closeSettings(page)
    await signOut(page)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).press('Enter')
    await isIn(page)
    await settings(page, 'Account')
    await dialogOf(page)
      .getByRole('button', { name: /^Remove .Passkey/ })
      .click()
    await withPassword(page, 'Remove')
    await dialogOf(page)
      .getByRole('button', { name: /^Remove .Passkey/ })
      .waitFor({ state: 'detached' })
    expect(nora.complaints).toEqual([])
  })
})

describe('a service without passkeys', () => {
  it('offers none', { timeout: 60_000 }, async () => {
    await using plain = await startService()
    const { page, complaints } = await openTab(browser, plain.url)
    await register(page, 'Paul Grau')
    await settings(page, 'Account')
    await dialogOf(page).getByRole('button', { name: 'Add an authenticator app' }).waitFor()
    expect(await dialogOf(page).getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
    await closeSettings(page)
    await signOut(page)
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).count()).toBe(0)
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('a person of another system', () => {
  it('sees no parts of the account that need a password', async () => {
    const made = await windiChat(service.folder, ['key', 'add', '--name', 'crm', '--scopes', 'provision', '--json'])
    const [key] = /wck_[\w-]+/.exec(made.stdout) ?? []
    const person = { external_id: 'crm:7', name: 'Rosa Weiss', username: 'rosa' }
    const answer = await fetch(`${url}/api/v1/service/users`, {
      method: 'PUT',
      headers: { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ users: [person] }),
    })
    expect(answer.status).toBe(200)
    const { stdout } = await windiChat(service.folder, ['user', 'recovery', 'rosa', '--json'])
    const [code] = /[\w-]{43}/.exec(stdout) ?? []
    const tab = await openTab(browser, url, phone)
    const { page } = tab
    await page.getByRole('button', { name: 'Already have an account? Sign in' }).tap()
    await page.getByRole('button', { name: 'Forgot password?' }).tap()
    await page.getByRole('button', { name: 'I have a code' }).tap()
    await page.getByLabel('Code', { exact: true }).fill(code!)
    await page.getByLabel('New password').fill('a third horse battery')
    await page.getByLabel('New password').press('Enter')
    await isIn(page)
    await page.evaluate(() => location.assign('#/settings/account'))
    await dialogOf(page).getByText('Another system keeps this account.').waitFor()
    await dialogOf(page).getByRole('button', { name: 'Export my data' }).waitFor()
    const hidden = dialogOf(page).getByRole('button', { name: /password|email|passkey|authenticator|Delete account/i })
    expect(await hidden.count()).toBe(0)
    expect(await violations(page, '[role=dialog]')).toEqual([])
    expect(tab.complaints).toEqual([])
    await page.context().close()
  })
})

describe('text at 200 per cent on a phone', () => {
  it.each(['light', 'dark'] as const)(
    'scrolls no part of the settings sideways, in the %s and in both languages',
    async (colorScheme) => {
      const tab = await openTab(browser, url, { ...phone, colorScheme })
      const { page } = tab
      await register(page, `Willa ${colorScheme}`)
      for (const language of ['en', 'ru']) {
        await page.evaluate((chosen) => localStorage.setItem('windi:language', chosen), language)
        for (const part of ['profile', 'notifications', 'appearance', 'language', 'privacy', 'devices', 'account']) {
          // From another document: a step through the history of the page would cut a reload off.
          await page.goto('about:blank')
          await page.goto(`${url}/#/settings/${part}`)
          await page.addStyleTag({ content: 'html { font-size: 200% }' })
          const panel = partOf(page)
          await panel.locator('section').first().waitFor()
          const beyond = await panel.evaluate((body) =>
            [...body.querySelectorAll('*')]
              .filter(
                (one) => one.checkVisibility() && one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().right > innerWidth,
              )
              .map((one) => one.outerHTML.slice(0, 80)),
          )
          const sideways = await panel.evaluate((body) => body.scrollWidth - body.clientWidth)
          expect([language, part, sideways, beyond]).toEqual([language, part, 0, []])
        }
      }
      await page.context().close()
    },
    90_000,
  )
})
