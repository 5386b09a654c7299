import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { httpClient, type SignedInClient } from '../../support/http-client.ts'
import { type Service, startService } from '../../support/service.ts'
import { openFromList, openTab, PHONE, row, type Tab, violations } from '../tab.ts'
import { eventually } from '../waiting.ts'

/** Twenty kinds, of which each of ten people uses five. */
const EMOJI = Array.from('🍎🍊🍋🍌🍉🍇🍓🫐🍒🍑🥭🍍🥥🥝🍅🥑🍆🌽🥕🥦')
const PEOPLE = 10
const EACH = 5

let service: Service
let browser: Browser
let ann: SignedInClient
let boris: SignedInClient
let chat: string
let apart: string
/** Those with fifty reactions. */
const messages: Record<string, string> = {}
let tab: Tab

beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService(), launchBrowser()])
  const { register } = httpClient(service.url)
  ann = await register('Ann Berg', { username: 'ann' })
  boris = await register('Boris Keller', { username: 'boris' })
  const others: SignedInClient[] = []
  for (let n = 2; n < PEOPLE; n++) others.push(await register(`Member ${n}`))
  const all = [ann, boris, ...others]
  const group = { kind: 'group', name: 'Orchard', member_ids: all.slice(1).map(({ id }) => id) }
  chat = (await ann.call<{ id: string }>('post', '/chats', group)).body.id
  apart = (await boris.call<{ id: string }>('post', '/chats', { kind: 'private', user_id: ann.id })).body.id
  await send(boris, apart, 'Between us')
  messages.fruit = await send(boris, chat, 'Fruit for everyone')
  const mentions = [{ kind: 'user', user_id: boris.id, start: 15, length: 6 }]
  messages.mine = await send(ann, chat, 'Which of them, @Boris?', { reply_to: messages.fruit, mentions })
  await boris.call('put', `/chats/${chat}/messages/${messages.mine}/read`)
  for (const [i, person] of all.entries())
    for (const on of Object.values(messages))
      for (let n = 0; n < EACH; n++)
        await person.call('put', `/chats/${chat}/messages/${on}/reactions/${encodeURIComponent(EMOJI[(i * EACH + n) % EMOJI.length]!)}`)
  tab = await signedIn()
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

const send = async (who: SignedInClient, chatId: string, text: string, more = {}) =>
  (await who.call<{ id: string }>('post', `/chats/${chatId}/messages`, { client_message_id: text, text, ...more })).body.id

async function signedIn(options: BrowserContextOptions = {}): Promise<Tab> {
  const opened = await openTab(browser, service.url, { reducedMotion: 'reduce', ...options })
  const { page } = opened
  await page.getByRole('button', { name: /Already have an account/ }).click()
  await page.getByLabel('Email or username').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(ann.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await openFromList(page, 'Orchard')
  await row(page, 'Which of them').getByRole('group', { name: 'Reactions' }).waitFor()
  return opened
}

/** Everything that is written on the page or read from it. */
const words = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label]:not(article), [title]')].map((one) => `${one.ariaLabel} ${one.getAttribute('title')}`),
    ].join('\n'),
  )

const dialog = (page: Page) => page.getByRole('dialog')

const reactions = (page: Page, text: string) => row(page, text).first().getByRole('group', { name: 'Reactions' })
/** How often each is counted on the page. */
const counted = async (page: Page, text: string) =>
  Object.fromEntries((await reactions(page, text).getByRole('button').allInnerTexts()).map((pill) => pill.split(/\s+/)))
/** How often each is counted by the server. */
const stored = async (messageId: string) => {
  const { body } = await ann.call<{ reactions: { emoji: string; count: number }[] }>('get', `/chats/${chat}/messages/${messageId}`)
  return Object.fromEntries(body.reactions.map(({ emoji, count }) => [emoji, String(count)]))
}

describe.each([
  ['a desk', {}],
  ['a phone', PHONE],
])('a message with fifty reactions of twenty kinds, on %s', (_, options) => {
  it('folds them, shows all, and draws none outside its box; one too many is taken back, with the reason', async () => {
    const { page, complaints } = await signedIn(options)
    for (const text of ['Fruit for everyone', 'Which of them']) {
      await reactions(page, text).getByRole('button', { name: '+8' }).click()
      await eventually(async () => expect(await reactions(page, text).getByRole('button').count()).toBe(20))
      const outside = await row(page, text)
        .first()
        .evaluate((article) => {
          const box = article.getBoundingClientRect()
          return [...article.querySelectorAll('[role=group] button')].filter((pill) => {
            const { left, right, top, bottom } = pill.getBoundingClientRect()
            return left < Math.max(0, box.left) || right > Math.min(innerWidth, box.right) || top < box.top || bottom > box.bottom
          }).length
        })
      expect(outside).toBe(0)
    }
    const before = await counted(page, 'Which of them')
    expect(before).toEqual(await stored(messages.mine!))
    expect(Object.values(before).reduce<number>((sum, count) => sum + Number(count), 0)).toBe(50)
    await reactions(page, 'Which of them').getByRole('button', { pressed: false }).first().click()
    await page.getByRole('alert').waitFor()
    await eventually(async () => expect(await counted(page, 'Which of them')).toEqual(before))
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

it('fifty presses in a row on five reactions leave the page as the server has it', async () => {
  const { page } = tab
  const mine = reactions(page, 'Fruit for everyone').getByRole('button', { name: new RegExp(EMOJI.slice(0, EACH).join('|')) })
  for (let press = 0; press < 50; press++) await mine.nth(press % EACH).dispatchEvent('click')
  await mine.nth(2).click()
  await reactions(page, 'Fruit for everyone').getByRole('button', { name: '+8' }).click()
  await eventually(async () => expect(await counted(page, 'Fruit for everyone')).toEqual(await stored(messages.fruit!)))
})

describe('the palette', () => {
  const options = (page: Page) => dialog(page).getByRole('option')
  const active = (page: Page) =>
    dialog(page)
      .getByRole('combobox')
      .evaluate((field) => {
        const one = document.getElementById(field.getAttribute('aria-activedescendant') ?? '')
        return { text: one?.innerText, top: one?.getBoundingClientRect().top }
      })

  it('is not moved by a late answer, nor changed by one that comes after a newer', async () => {
    const { page } = tab
    const held: Route[] = []
    await page.route(/\/api\/v1\/.*query=/, (route) => void held.push(route))
    const release = (routes: Route[]) => Promise.all(routes.map((route) => route.continue().catch(() => undefined)))
    await page.keyboard.press('Control+k')
    await dialog(page).getByRole('combobox').fill('or')
    await options(page).filter({ hasText: 'Orchard' }).waitFor()
    await eventually(() => expect(held).toHaveLength(3))
    const before = await active(page)
    expect(before.text).toContain('Orchard')
    await release(held.splice(0))
    await options(page).nth(1).waitFor()
    expect(await active(page)).toEqual(before)

    await dialog(page).getByRole('combobox').fill('me')
    await eventually(() => expect(held).toHaveLength(3))
    const late = held.splice(0)
    await dialog(page).getByRole('combobox').fill('member 7')
    await eventually(() => expect(held).toHaveLength(3))
    await release(held.splice(0))
    await options(page).filter({ hasText: 'Member 7' }).waitFor()
    await release(late)
    await page.waitForTimeout(300)
    expect(await options(page).allInnerTexts()).toEqual([expect.stringContaining('Member 7')])
    await page.keyboard.press('Escape')
    await page.unroute(/\/api\/v1\/.*query=/)
  })
})

describe.each(['light', 'dark'] as const)('more contrast, in the %s', (colorScheme) => {
  it('draws lines and quiet words as strong as the rest, and a border round every bubble', async () => {
    const { page } = await signedIn({ contrast: 'more', colorScheme })
    const seen = await page.evaluate(() => {
      const style = (selector: string) => getComputedStyle(document.querySelector(selector)!)
      const root = getComputedStyle(document.documentElement)
      const resolved = (token: string) => {
        const probe = document.body.appendChild(document.createElement('i'))
        probe.style.color = `var(${token})`
        const { color } = getComputedStyle(probe)
        probe.remove()
        return color
      }
      return {
        line: style('nav').borderInlineEndColor === resolved('--line-strong') && root.getPropertyValue('--line') !== '',
        words: style('nav time').color === resolved('--text'),
        bubble: style('[data-bubble]').outlineStyle,
      }
    })
    expect(seen).toEqual({ line: true, words: true, bubble: 'solid' })
    expect(await violations(page, 'body')).toEqual([])
    await page.context().close()
  })
})

describe('a person with another name', () => {
  it('has it everywhere as soon as anything else is heard of them, and nowhere the old one', async () => {
    const { page } = await signedIn({ viewport: { width: 1400, height: 900 } })
    const rename = async (name: string, chatId: string) => {
      await boris.call('patch', '/users/me', { name })
      await send(boris, chatId, `I am now ${name.split(' ')[0]}`)
    }
    const chip = row(page, 'Which of them').getByRole('button', { name: /^@/ })
    const quotation = row(page, 'Which of them').getByRole('button', { name: /Fruit/ })
    const pill = reactions(page, 'Which of them').getByRole('button', { name: new RegExp(EMOJI[EACH]!) })
    await page.getByRole('button', { name: 'Group info' }).last().click()
    const members = page.getByRole('complementary')
    await members.getByText('Boris Keller').waitFor()
    await rename('Bertram Holt', chat)
    for (const place of [page.getByRole('navigation'), chip, quotation, members]) await place.getByText('Bertram Holt').first().waitFor()
    await eventually(async () => expect(await pill.getAttribute('aria-label')).toContain('Bertram Holt'))
    await eventually(async () => expect(await words(page)).not.toContain('Boris'))

    await chip.click()
    await dialog(page).getByText('Bertram Holt').waitFor()
    await rename('Bruno Lang', chat)
    await dialog(page).getByText('Bruno Lang').waitFor()
    await eventually(async () => expect(await words(page)).not.toContain('Bertram Holt'))
    await page.keyboard.press('Escape')
    await page.getByRole('navigation').getByRole('link').filter({ hasText: 'Between us' }).click()
    await page.getByRole('heading', { name: /Bruno Lang/, level: 1 }).waitFor()
    await rename('Boris Keller', apart)
    await page.getByRole('heading', { name: /Boris Keller/, level: 1 }).waitFor()
    await eventually(async () => expect(await page.getByRole('main').innerText()).not.toContain('Bruno Lang'))
    await page.context().close()
  })
})
