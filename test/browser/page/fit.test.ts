import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, chatIdOf, openTab, register } from '../tab.ts'
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

const phone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' as const }

const languages = {
  'en-GB': { guest: /Continue as a guest/, results: 'Results', message: 'Message', emoji: 'Emoji', latest: /jump to the latest/i },
  'ru-RU': { guest: /Войти как гость/, results: 'Результаты', message: 'Сообщение', emoji: 'Эмодзи', latest: /к последнему/i },
}

async function inChat(locale: keyof typeof languages): Promise<Page> {
  const words = languages[locale]
  const { page } = await openTab(browser, service.url, { ...phone, locale })
  await page.getByRole('button', { name: words.guest }).tap()
  await page.getByRole('searchbox').fill('user2')
  await page.getByRole('group', { name: words.results }).getByRole('button', { name: 'Boris Keller' }).first().tap()
  await page.getByRole('textbox', { name: words.message }).waitFor()
  return page
}

describe.each(['en-GB', 'ru-RU'] as const)('a phone of 360 × 640, in %s', (locale) => {
  const words = languages[locale]

  it('has a field of one line where nothing is written', async () => {
    const page = await inChat(locale)
    const { height } = (await page.getByRole('textbox', { name: words.message }).boundingBox())!
    expect(height).toBeLessThan(48)
    await page.context().close()
  })

  it('shows each row of emoji whole', async () => {
    const page = await inChat(locale)
    await page.getByRole('button', { name: words.emoji }).tap()
    // The picker measures a row before it shows those that stay.
    await eventually(async () => {
      const cut = await page.getByRole('dialog').evaluate((dialog) => {
        const { right } = dialog.getBoundingClientRect()
        const row = [...(dialog.querySelector('[role=row]')?.children ?? [])]
        return { cells: row.length, cut: row.filter((cell) => cell.getBoundingClientRect().right > right).length }
      })
      expect(cut).toEqual({ cells: 7, cut: 0 })
    })
    await page.context().close()
  })

  it('covers no message by the button that leads to the latest', async () => {
    const page = await inChat(locale)
    const texts = Array.from({ length: 30 }, (_, n) => ({
      client_message_id: `${locale}-${n}`,
      text: `Line ${n} that is long enough to be as wide as it may be`,
    }))
    await call(page, 'POST', `/chats/${chatIdOf(page)}/messages`, texts)
    await page.getByRole('article').filter({ hasText: 'Line 29' }).waitFor()
    await page.getByRole('feed').evaluate((feed) => feed.scrollTo(0, feed.scrollHeight / 2))
    const jump = page.getByRole('button', { name: words.latest })
    await jump.waitFor()
    const { y } = (await jump.boundingBox())!
    const feed = (await page.getByRole('feed').boundingBox())!
    expect(feed.y + feed.height).toBeLessThanOrEqual(y)
    await jump.tap()
    await jump.waitFor({ state: 'detached' })
    await eventually(async () => {
      const beyond = await page.getByRole('feed').evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
      expect(beyond).toBeLessThan(2)
    })
    await page.context().close()
  })
})

it('without chats, the list says what to do, and the middle does not say it once more', async () => {
  const { page } = await openTab(browser, service.url)
  await page.getByRole('button', { name: languages['en-GB'].guest }).click()
  await page.getByRole('navigation').getByText('No chats yet').waitFor()
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
  await page.context().close()
})

it('whoever is the first on a server is told so, beside the link to send', async () => {
  await using empty = await startService()
  const { page } = await openTab(browser, empty.url)
  await register(page, 'Eva First')
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await page.getByText("You're the first one here.").waitFor()
  expect(await page.getByTestId('invitation').innerText()).toContain('?with=')
  await page.getByRole('dialog').getByRole('searchbox').fill('nobody')
  await page.getByText('No one found').waitFor()
  expect(await page.getByText("You're the first one here.").count()).toBe(0)
  await page.context().close()
})
