import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { block } from '../../docs/blocks.ts'
import { launchBrowser } from '../../support/browser.ts'
import { httpClient } from '../../support/http-client.ts'
import { type TempFolder, tempFolder } from '../../support/places.ts'
import { type Service, startService } from '../../support/service.ts'
import { chatIdOf, choose, composer, openFromList, openTab, register, row, say, type Tab, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let kinds: TempFolder
let browser: Browser
let ann: Tab
let bob: Tab
beforeAll(async () => {
  kinds = await tempFolder()
  const module = join(kinds.path, 'kinds.js')
  await writeFile(
    module,
    block('docs/guides/content.md', 'kinds').replace('export default {', `export default { 'own.broken': () => null.nothing,`),
  )
  ;[service, browser] = await Promise.all([startService({ env: { PAGE_KINDS: module } }), launchBrowser()])
  ;[ann, bob] = await Promise.all([openTab(browser, service.url), openTab(browser, service.url)])
  await register(bob.page, 'Bob Klein')
  await register(ann.page, 'Ann Berg')
  const { page } = ann
  await page.getByRole('button', { name: 'New chat' }).first().click()
  await page.getByRole('button', { name: 'New group' }).click()
  await page.getByLabel('Group name').fill('Tea round')
  await page.getByRole('checkbox', { name: /Bob Klein/ }).check()
  await page.getByRole('button', { name: 'Create group' }).click()
  await page.getByRole('heading', { name: /Tea round/ }).waitFor()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
  await kinds?.remove()
})

describe('two people', () => {
  it('format what they write, by keys as well', async () => {
    const { page } = ann
    await say(page, 'Some **bold**, `code` and ||hidden|| words')
    await row(page, 'Some bold').locator('strong', { hasText: 'bold' }).waitFor()
    await row(page, 'Some bold').locator('code', { hasText: 'code' }).waitFor()
    await composer(page).fill('mark this')
    await composer(page).press('Control+a')
    await page.keyboard.press('Control+b')
    expect(await composer(page).inputValue()).toBe('**mark this**')
    await composer(page).press('Enter')
    await row(page, 'mark this').locator('strong').waitFor()
    const preview = page.getByRole('navigation').getByRole('link', { name: /Tea round/ })
    expect(await preview.innerText()).not.toContain('**')
  })

  it('hear and find what is shown, not how it was typed, nor what is hidden', async () => {
    const { page } = ann
    await page.getByRole('article', { name: 'You: Some bold, code and ▒▒▒ words', exact: true }).waitFor()
    await page.getByRole('searchbox').fill('some **b')
    const found = page.getByRole('group', { name: 'Results' }).getByRole('button', { name: /Some bold/ })
    await found.waitFor()
    expect(await found.innerText()).toContain('Some bold, code and ▒▒▒ words')
    await page.getByRole('searchbox').fill('')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('some **b')
    await page.getByRole('option', { name: /Some bold, code and ▒▒▒ words/ }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('name each other: a list at the caret, a badge, a chip with the present name', async () => {
    await openFromList(ann.page, 'Tea round')
    await composer(ann.page).pressSequentially('Hello @bo')
    await ann.page
      .getByRole('listbox', { name: 'Members to mention' })
      .getByRole('option', { name: /Bob Klein/ })
      .waitFor()
    await ann.page.keyboard.press('Enter')
    expect(await composer(ann.page).inputValue()).toBe('Hello @Bob Klein ')
    await ann.page.keyboard.type('are you there?')
    await ann.page.keyboard.press('Enter')
    await bob.page.getByRole('navigation').getByText('1 mention').waitFor({ state: 'attached' })
    await openFromList(bob.page, 'Tea round')
    await row(bob.page, 'are you there?').getByRole('button', { name: '@Bob Klein' }).waitFor()
    await bob.page.getByRole('navigation').getByText('1 mention').waitFor({ state: 'detached' })
  })

  it('react, quickly and often: both pages and the server agree', async () => {
    const target = row(ann.page, 'are you there?')
    await row(bob.page, 'are you there?').hover()
    const thumb = row(bob.page, 'are you there?').getByRole('button', { name: 'React with 👍' })
    for (let press = 0; press < 9; press++) await thumb.click()
    await row(ann.page, 'are you there?')
      .getByRole('button', { name: '👍 1: Bob Klein' })
      .or(target.getByRole('button', { name: /👍 1/ }))
      .waitFor()
    await target.getByRole('button', { name: /👍 1/ }).click()
    for (const { page } of [ann, bob])
      await eventually(async () =>
        expect(await row(page, 'are you there?').getByRole('group', { name: 'Reactions' }).innerText()).toMatch(/👍\s*2/),
      )
    await ann.page.reload()
    await row(ann.page, 'are you there?').getByRole('button', { name: /👍 2/, pressed: true }).waitFor()
  })

  it('pin, and forward to another chat with the first author named', async () => {
    await choose(ann.page, 'are you there?', 'Pin')
    for (const { page } of [ann, bob]) await page.getByRole('button', { name: /Pinned messages/ }).waitFor()
    await choose(ann.page, 'are you there?', 'Unpin')
    await bob.page.getByRole('button', { name: /Pinned messages/ }).waitFor({ state: 'detached' })
    await writeTo(bob.page, 'Ann Berg')
    await say(bob.page, 'Between us')
    await openFromList(bob.page, 'Tea round')
    await choose(bob.page, 'are you there?', 'Forward')
    await bob.page
      .getByRole('dialog')
      .getByRole('checkbox', { name: /Ann Berg/ })
      .check()
    await bob.page.getByRole('dialog').getByRole('button', { name: 'Forward' }).click()
    await row(bob.page, 'Forwarded from').waitFor()
    expect(await row(bob.page, 'Forwarded from').innerText()).toContain('Ann Berg')
    expect([...ann.complaints, ...bob.complaints]).toEqual([])
  })
})

it('messages of own kinds show what the module of the operator draws, and their text where it draws nothing', async () => {
  const { page } = ann
  for (const reader of [page, bob.page]) await openFromList(reader, 'Tea round')
  const chat = chatIdOf(page)
  const token = await page.evaluate(() => (JSON.parse(localStorage.getItem('windi-chat.session')!) as { accessToken: string }).accessToken)
  const call = (method: string, path: string, body: object) =>
    httpClient(service.url).call<{ id: string }>(method, `/chats/${chat}/messages${path}`, { token, body })
  const send = (text: string, kind: string) => call('post', '', { client_message_id: text, text, kind, data: { order: 17 } })
  const order = await send('Order 17 is there', 'order.arrived')
  await send('It cannot be drawn', 'own.broken')
  await send('Nobody draws it', 'order.lost')
  const card = (reader: Page, number: number) => reader.locator('article').getByRole('link', { name: `Order ${number} has arrived` })
  for (const reader of [page, bob.page]) {
    await card(reader, 17).waitFor()
    for (const text of ['It cannot be drawn', 'Nobody draws it']) await row(reader, text).getByText(text).waitFor()
    expect(await reader.locator('article').getByText('Order 17 is there').count()).toBe(0)
  }
  await call('patch', `/${order.body.id}`, { data: { order: 18 } })
  for (const reader of [page, bob.page]) await card(reader, 18).waitFor()
  for (const { complaints } of [ann, bob]) expect(complaints).toEqual([expect.stringContaining('null')])
})
