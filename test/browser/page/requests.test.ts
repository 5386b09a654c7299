import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import {
  call,
  chatIdOf,
  composer,
  idOf,
  openFromList,
  openTab,
  PHONE,
  panelOf,
  register,
  registerInRussian,
  type Tab,
  violations,
} from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let anna: Tab
let boris: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService({ env: { MESSAGE_TTL: '730d' } }), launchBrowser()])
  ;[anna, boris] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url, { locale: 'ru-RU' })])
  await register(anna.page, 'Anna Berg')
  await registerInRussian(boris.page, 'Борис')
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

describe('requests to join', () => {
  const heading = (page: Page) => panelOf(page, 'Group info').getByRole('heading', { name: /^Requests to join/ })
  /** Nothing tells of a request: it is looked for each minute, and when the page comes into sight or gets the focus. */
  const look = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  let url: string
  let emil: Tab

  it('are what an invitation leads to that needs approval, and can be taken back', async () => {
    const { page } = anna
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Choir' }])
    await openFromList(page, 'Choir')
    await composer(page).waitFor()
    await page.getByRole('button', { name: 'Group info' }).last().click()
    const panel = panelOf(page, 'Group info')
    await panel.getByLabel('New members need approval').press('Space')
    await panel.getByRole('button', { name: 'Create a link' }).press('Enter')
    await panel.getByText(/^Anyone with this link can ask to join\./).waitFor()
    await panel.getByRole('list', { name: 'Invitation links' }).getByText('Members by approval').waitFor()
    url = await panel.getByTestId('group-invitation').innerText()

    emil = await openTab(browser, service.url, { ...PHONE, colorScheme: 'dark' })
    await register(emil.page, 'Emil Falk')
    await emil.page.goto(url)
    await emil.page.getByRole('alertdialog', { name: 'Join the group?' }).getByRole('button', { name: 'Join' }).tap()
    const question = emil.page.getByRole('alertdialog', { name: 'Ask to join?' })
    await question.waitFor()
    expect(await violations(emil.page, '[role=alertdialog]')).toEqual([])
    await question.getByRole('button', { name: 'Ask to join' }).tap()
    const asked = emil.page.getByRole('alertdialog', { name: 'Request sent' })
    await asked.getByText(/Choir.: the owner or an admin decides\./).waitFor()
    expect(await violations(emil.page, '[role=alertdialog]')).toEqual([])
    expect(await asked.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0)

    await page.evaluate(() => window.dispatchEvent(new Event('focus')))
    const list = panel.getByRole('list', { name: 'Requests to join' })
    await list.getByText('Emil Falk').waitFor()
    await panel.getByText('New requests appear within a minute.').waitFor()
    await asked.getByRole('button', { name: 'Withdraw the request' }).tap()
    await emil.page.getByText('Request withdrawn').waitFor()
    await asked.waitFor({ state: 'detached' })
    await list.getByRole('button', { name: /^Approve: .Emil Falk/ }).click()
    await page.getByRole('alert').getByText('This request no longer exists.').waitFor()
    await list.waitFor({ state: 'detached' })
  })

  it('are decided by keys, page by page; who is let in finds the group open, and what cannot be had says so', async () => {
    const { page } = anna
    const panel = panelOf(page, 'Group info')
    const list = panel.getByRole('list', { name: 'Requests to join' })
    await boris.page.goto(url)
    for (const name of ['Вступить', 'Отправить запрос']) {
      await boris.page.getByRole('alertdialog').getByRole('button', { name }).waitFor()
      await boris.page.keyboard.press('Tab')
      await boris.page.keyboard.press('Enter')
    }
    await boris.page
      .getByRole('alertdialog', { name: 'Запрос отправлен' })
      .getByText(/Choir.: решает владелец/)
      .waitFor()
    await emil.page.goto(url)
    await emil.page.getByRole('button', { name: 'Join' }).tap()
    await emil.page.getByRole('button', { name: 'Ask to join' }).tap()
    await emil.page.getByRole('alertdialog', { name: 'Request sent' }).getByRole('button', { name: 'Close' }).tap()

    await page.route(/\/requests\?/, (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/limit=\d+/, 'limit=1'),
      }),
    )
    await look(page)
    await list.getByText('Борис').waitFor()
    expect(await heading(page).innerText()).toBe('Requests to join: 1+')
    const section = panel.locator('section').filter({ has: page.getByRole('heading', { name: /^Requests to join/ }) })
    await section.getByRole('button', { name: 'Show more' }).press('Enter')
    await list.getByText('Emil Falk').waitFor()
    expect(await heading(page).innerText()).toBe('Requests to join: 2')
    await page.unroute(/\/requests\?/)
    expect(await violations(page, 'aside')).toEqual([])
    await page.setViewportSize({ width: 360, height: 640 })
    expect(await list.evaluate((shown) => shown.scrollWidth - shown.clientWidth)).toBe(0)
    await page.setViewportSize({ width: 1_100, height: 760 })

    await list.getByRole('button', { name: /^Approve: .Борис/ }).press('Enter')
    await boris.page.getByRole('textbox', { name: 'Сообщение' }).waitFor()
    expect(await boris.page.getByRole('alertdialog').count()).toBe(0)
    await eventually(async () => expect(await heading(page).innerText()).toBe('Requests to join: 1'))
    const decline = list.getByRole('button', { name: /^Decline: .Emil Falk/ })
    expect(await list.locator(':focus').getAttribute('aria-label')).toMatch(/^Approve: .Emil Falk/)

    await page.route(/\/requests\?/, (route) => route.abort())
    await panel.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Group info' }).last().click()
    await section.getByRole('alert').waitFor()
    await page.unroute(/\/requests\?/)
    await section.getByRole('button', { name: 'Try again' }).press('Enter')
    await decline.press('Enter')
    await section.waitFor({ state: 'detached' })
    expect(await emil.page.getByText('Choir').count()).toBe(0)
    expect([...anna.complaints, ...boris.complaints, ...emil.complaints]).toEqual([])
    await emil.page.context().close()
  })
})

describe('how long messages stay', () => {
  it('is for the owner to say, who is asked before any is deleted; everyone reads it', async () => {
    const { page } = anna
    await call(page, 'POST', '/chats', [{ kind: 'group', name: 'Short news', member_ids: [await idOf(boris.page)] }])
    await openFromList(page, 'Short news')
    await composer(page).waitFor()
    const chat = `/chats/${chatIdOf(page)}`
    await page.getByRole('button', { name: 'Group info' }).last().click()
    const panel = panelOf(page, 'Group info')
    const keep = panel.getByLabel('Keep messages')
    const shown = async () => (await keep.locator('option:checked').innerText()).trim()
    expect((await keep.locator('option').allInnerTexts()).map((text) => text.trim())).toEqual([
      'Forever',
      '1 day',
      '1 week',
      '1 month',
      '1 year',
    ])
    const question = page.getByRole('alertdialog', { name: 'Keep messages for 1 week only?' })
    await keep.selectOption({ label: '1 week' })
    await question.waitFor()
    expect(await violations(page, '[role=alertdialog]')).toEqual([])
    await question.getByRole('button', { name: 'Cancel' }).press('Enter')
    expect(await shown()).toBe('Forever')
    await keep.selectOption({ label: '1 week' })
    await question.getByRole('button', { name: 'Delete older messages' }).press('Enter')
    await panel.getByText('Messages are kept for 1 week, then deleted.').waitFor()
    expect(await shown()).toBe('1 week')

    await openFromList(boris.page, 'Short news')
    await boris.page.getByRole('button', { name: 'О группе' }).last().click()
    const his = boris.page.getByRole('complementary')
    await his.getByText('Срок хранения сообщений: 1 неделя. Затем они удаляются.').waitFor()
    expect(await his.getByLabel('Срок хранения сообщений').count()).toBe(0)
    await call(page, 'PATCH', `${chat}/members/${await idOf(boris.page)}`, [{ role: 'admin' }])
    const disabled = his.getByLabel('Срок хранения сообщений')
    await disabled.waitFor()
    expect(await disabled.isDisabled()).toBe(true)
    expect(await violations(boris.page, 'aside')).toEqual([])

    // Another client says a span that is not in the list; more time is given without a question.
    await call(page, 'PATCH', chat, [{ rules: { keep_s: 172_800 } }])
    await panel.getByText('Messages are kept for 2 days, then deleted.').waitFor()
    expect(await shown()).toBe('2 days')
    await keep.selectOption({ label: '1 year' })
    await panel.getByText('Messages are kept for 1 year, then deleted.').waitFor()
    await keep.selectOption({ label: 'Forever' })
    // What the service says for all chats is left.
    await panel.getByText('Messages are kept for 2 years, then deleted.').waitFor()
    expect(await page.getByRole('alertdialog').count()).toBe(0)
    expect([...anna.complaints, ...boris.complaints]).toEqual([])
  })
})
