import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { freePort } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { type Smtp, startSmtp } from '../../support/smtp.ts'
import { openTab, register, registerInRussian } from '../tab.ts'

let smtp: Smtp
let service: Service
let browser: Browser
beforeAll(async () => {
  const port = await freePort()
  smtp = await startSmtp()
  const env = { MAIL_URL: smtp.url, MAIL_FROM: 'chat@example.com', PUBLIC_URL: `http://localhost:${port}` }
  ;[service, browser] = await Promise.all([startService({ port, env }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await smtp?.close()
})

const languages = {
  'en-GB': {
    signUp: register,
    name: 'Ann Away',
    settings: 'Settings',
    tab: 'Notifications',
    digest: 'Email about missed messages',
    on: 'Once a day, without texts',
    off: 'Off',
  },
  'ru-RU': {
    signUp: registerInRussian,
    name: 'Борис',
    settings: 'Настройки',
    tab: 'Уведомления',
    digest: 'Письма о пропущенных сообщениях',
    on: 'Раз в день, без текстов',
    off: 'Нет',
  },
} as const

describe.each(Object.entries(languages))('mails about missed messages, in %s', (locale, words) => {
  it('are off at first, and what is chosen stays after a reload', { timeout: 60_000 }, async () => {
    const { page, complaints } = await openTab(browser, service.url, { locale })
    await words.signUp(page, words.name)
    await page.getByRole('button', { name: words.settings, exact: true }).click()
    await page.getByRole('tab', { name: words.tab }).click()
    const option = (name: string) => page.getByRole('group', { name: words.digest }).getByLabel(name, { exact: true })
    /** The settings are open again after a reload. */
    const choose = async (name: string) => {
      const stored = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok())
      await Promise.all([stored, option(name).click()])
      await page.reload()
      await option(name).waitFor()
    }
    await option(words.off).waitFor()
    expect(await option(words.off).isChecked()).toBe(true)
    for (const next of [words.on, words.off]) {
      await choose(next)
      expect(await option(next).isChecked()).toBe(true)
    }
    expect(complaints).toEqual([])
    await page.context().close()
  })
})
