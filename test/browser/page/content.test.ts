import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { eventually } from '../../support/waiting.ts'
import { choose, composer, openFromList, openTab, register, row, say, type Tab, writeTo } from '../tab.ts'

let service: Service
let browser: Browser
let ann: Tab
let bob: Tab
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
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
