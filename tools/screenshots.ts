import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../test/support/browser.ts'
import { startService } from '../test/support/service.ts'
import { people, tell } from './screenshots/scene.ts'

/** Takes pictures of the page's main states for `docs/screenshots`: `npm run build`, then `node tools/screenshots.ts`. */
const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url))
await mkdir(folder, { recursive: true })

const desktop = { viewport: { width: 1180, height: 760 } }
const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }

const service = await startService()
const browser = await launchBrowser()

async function signedIn(login: string, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options })
  const page = await context.newPage()
  await page.goto(service.url)
  const isRussian = options.locale === 'ru-RU'
  await page.getByRole('button', { name: isRussian ? /Уже есть аккаунт/ : /Already have an account/ }).click()
  await page.getByLabel(isRussian ? /Почта/ : /Email or username/).fill(login)
  await page.getByLabel(isRussian ? 'Пароль' : 'Password', { exact: true }).fill('correct horse battery')
  await page.getByRole('button', { name: isRussian ? 'Войти' : 'Sign in', exact: true }).click()
  await page.locator('nav li a').first().waitFor()
  return page
}

async function open(page: Page, title: string): Promise<void> {
  await page.locator('nav li a', { hasText: title }).first().click()
  await page.getByRole('article').last().waitFor()
}

const take = async (page: Page, name: string) => {
  await page.waitForTimeout(400)
  await page.screenshot({ path: `${folder}${name}.png` })
}

try {
  const scene = await people(service.url)
  await tell(scene)

  const mira = await signedIn('mira', desktop)
  await open(mira, 'Anna Berg')
  const light = await signedIn('anna', desktop)
  await open(light, 'Mira Lindqvist')
  await mira.getByRole('textbox').last().pressSequentially('Perfect')
  await take(light, 'chat-light')

  await light.getByRole('searchbox').fill('harbour')
  await light.locator('nav mark').first().waitFor()
  await take(light, 'search')
  await light.getByRole('searchbox').fill('')
  await light.keyboard.press('Control+k')
  await light.getByRole('combobox').fill('har')
  await light.getByRole('option').nth(2).waitFor()
  await take(light, 'palette')
  await light.keyboard.press('Escape')

  await open(light, 'Harbour weekend')
  await light
    .getByRole('button', { name: /Group info/ })
    .first()
    .click()
  await light.getByRole('complementary').waitFor()
  await take(light, 'group-members')
  await light.keyboard.press('Escape')

  const dark = await signedIn('anna', { ...desktop, colorScheme: 'dark' })
  await open(dark, 'Harbour weekend')
  await dark.getByRole('article').nth(-3).hover()
  await take(dark, 'group-dark')

  const pocket = await signedIn('anna', { ...phone, colorScheme: 'light' })
  await take(pocket, 'phone-list')
  await open(pocket, 'Mira Lindqvist')
  await take(pocket, 'phone-chat')
  await pocket.getByRole('article').last().locator('[data-bubble]').tap()
  await pocket.getByRole('menu').waitFor()
  await take(pocket, 'phone-actions')
  await pocket.goBack()
  await pocket.goBack()
  await pocket.getByRole('button', { name: 'Me', exact: true }).tap()
  await pocket.getByRole('dialog', { name: 'Settings' }).waitFor()
  await take(pocket, 'phone-settings')

  const russian = await signedIn('anna', { ...desktop, locale: 'ru-RU' })
  await open(russian, 'Женя')
  await take(russian, 'russian')
  await russian.getByRole('button', { name: 'Настройки', exact: true }).click()
  await russian.getByRole('dialog').waitFor()
  await take(russian, 'settings-russian')
  await russian.keyboard.press('Escape')

  const newcomer = await browser.newContext({ ...desktop, locale: 'en-GB' })
  const door = await newcomer.newPage()
  await door.goto(service.url)
  await door.getByLabel('Name', { exact: true }).waitFor()
  await take(door, 'sign-in')

  await service.kill()
  await light.getByRole('button', { name: 'Now' }).waitFor()
  const field = light.getByRole('textbox', { name: 'Message' })
  for (const text of ['The train leaves at 9:12, platform 4.', 'I bring the coffee.']) {
    await field.fill(text)
    await field.press('Enter')
  }
  await take(light, 'offline')
} finally {
  await browser.close()
  await service.stop()
}
