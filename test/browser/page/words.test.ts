import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { call, composer, openFromList, openTab, register, row, say, type Tab, violations } from '../tab.ts'
import { eventually } from '../waiting.ts'

let folder: string
let service: Service
let browser: Browser
let anna: Tab

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'windi-chat-page-words-'))
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  anna = await openTab(browser, service.url)
  await register(anna.page, 'Anna Berg')
  for (const name of ['Desk', 'Shelf']) await call(anna.page, 'POST', '/chats', [{ kind: 'group', name }])
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

describe('a group in which nothing was written yet', () => {
  it('shows what the log tells of it, and is clean', async () => {
    const { page } = anna
    await openFromList(page, 'Shelf')
    await page
      .getByRole('feed')
      .getByText(/Anna Berg. created the group/)
      .waitFor()
    expect(await violations(page, 'main')).toEqual([])
  })
})

describe('the line of a chat in the list', () => {
  it('says nothing of a spoiler, however long it is', async () => {
    const { page } = anna
    await openFromList(page, 'Shelf')
    await say(page, `It was ||${'the butler '.repeat(60)}indeed||.`)
    const line = page.getByRole('navigation').getByRole('link').filter({ hasText: 'Shelf' })
    await line.getByText('It was').waitFor()
    expect(await line.innerText()).toMatch(/It was ▒▒▒\.$/)
  })
})

describe('an emoji', () => {
  it('is written by its name, by keys and by a press; Escape leaves the letters', async () => {
    const { page } = anna
    await openFromList(page, 'Desk')
    const field = composer(page)
    const list = page.getByRole('listbox', { name: 'Emoji by name' })
    await field.pressSequentially('Time for :coff')
    await list.getByRole('option', { name: 'hot beverage' }).waitFor()
    expect(await violations(page, 'main')).toEqual([])
    const names = await list.getByRole('option').allInnerTexts()
    for (let step = names.findIndex((name) => name.includes('hot beverage')); step > 0; step--) await field.press('ArrowDown')
    await field.press('Enter')
    expect(await field.inputValue()).toMatch(/^Time for ☕\uFE0F? $/u)
    await field.pressSequentially('at 12:30 :te')
    await list.waitFor()
    await field.press('Escape')
    await list.waitFor({ state: 'detached' })
    await field.press('Enter')
    await row(page, 'at 12:30 :te').waitFor()
    await field.pressSequentially(':tada')
    await list.getByRole('option').first().click()
    expect(await field.inputValue()).toBe('🎉 ')
    await field.fill('')
  })

  it('is found in Russian on a phone, where a tap writes it', async () => {
    const phone = await openTab(browser, service.url, {
      viewport: { width: 360, height: 640 },
      hasTouch: true,
      isMobile: true,
      locale: 'ru-RU',
      colorScheme: 'dark',
    })
    const { page } = phone
    const session = await anna.page.evaluate(() => localStorage.getItem('windi-chat.session')!)
    await page.evaluate((kept) => localStorage.setItem('windi-chat.session', kept), session)
    await page.reload()
    await openFromList(page, 'Desk')
    await page.addStyleTag({ content: 'html { font-size: 200% }' })
    const field = page.getByRole('textbox', { name: 'Сообщение' })
    await field.pressSequentially(':кош')
    const list = page.getByRole('listbox', { name: 'Эмодзи по названию' })
    await list.getByRole('option').first().waitFor()
    const { x, width, y } = (await list.boundingBox())!
    expect([x >= 0, x + width <= 360, y >= 0]).toEqual([true, true, true])
    expect(await violations(page, 'main')).toEqual([])
    await list.getByRole('option').first().tap()
    expect(await field.inputValue()).toMatch(/^\p{Extended_Pictographic}/u)
    expect(phone.complaints).toEqual([])
    await page.context().close()
  })
})

describe('a picture', () => {
  it('that was made smaller is sent as the file it was', async () => {
    const { page } = anna
    await openFromList(page, 'Shelf')
    const path = join(folder, 'plan.png')
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const
    await sharp({ create: { width: 900, height: 900, channels: 3, background: '#808080', noise } })
      .png()
      .toFile(path)
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Attach' }).click()
    await page.getByRole('menuitem', { name: 'Photo or video' }).click()
    await (await chooser).setFiles([path])
    const tray = page.getByRole('list', { name: 'Files to send' })
    await tray.getByText('plan.webp').waitFor()
    expect(await violations(page, 'main')).toEqual([])
    await tray.getByRole('button', { name: /^Send as file: plan\.webp, / }).press('Enter')
    await tray.getByText('plan.png').waitFor()
    expect(await tray.getByRole('button', { name: /^Send as file/ }).count()).toBe(0)
    await composer(page).fill('the plan')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await row(page, 'the plan').getByRole('img', { name: 'Sent' }).waitFor()
    const { size } = await page.evaluate(async () => {
      const { accessToken } = JSON.parse(localStorage.getItem('windi-chat.session')!) as { accessToken: string }
      const chatId = location.hash.replace('#/c/', '')
      const answer = await fetch(`/api/v1/chats/${chatId}/files`, { headers: { authorization: `Bearer ${accessToken}` } })
      return ((await answer.json()) as { items: readonly { file: { size: number; name: string } }[] }).items[0]!.file
    })
    expect(size).toBeGreaterThan(900 * 900 * 2)
  })
})

describe('the search of a chat', () => {
  it('is narrowed to messages with links, files or photos, and to those until a day', async () => {
    const { page } = anna
    await openFromList(page, 'Shelf')
    await say(page, 'the plan is at https://example.org/plan')
    await say(page, 'no plan at all')
    await row(page, 'no plan at all').getByRole('img', { name: 'Sent' }).waitFor()
    await page.getByRole('button', { name: 'Search in this chat' }).click()
    const bar = page.getByRole('search').filter({ has: page.getByLabel('Text to find') })
    await bar.getByLabel('Text to find').fill('plan')
    const results = bar.getByRole('list', { name: 'Results' }).getByRole('listitem')
    const shown = (count: number) => eventually(async () => expect(await results.count()).toBe(count))
    await shown(3)
    expect(await violations(page, 'main')).toEqual([])
    const has = bar.getByLabel('What is in the message')
    await has.selectOption({ label: 'With a link' })
    await shown(1)
    expect(await results.allInnerTexts()).toEqual([expect.stringContaining('example.org')])
    await has.selectOption({ label: 'With a photo' })
    await eventually(async () => expect(await results.allInnerTexts()).toEqual([expect.stringContaining('the plan')]))
    await has.selectOption({ label: 'Any message' })
    await shown(3)
    await bar.getByLabel('Not later than').fill('2020-01-01')
    await bar.getByText('Nothing found').waitFor()
    await bar.getByLabel('Not later than').fill(new Date(Date.now() + 86_400_000).toISOString().slice(0, 10))
    await shown(3)
    await bar.getByLabel('Text to find').press('Enter')
    await bar.getByText('1 of 3').waitFor()
    expect(anna.complaints).toEqual([])
  })
})
