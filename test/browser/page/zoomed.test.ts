import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../../../web/i18n/en.ts'
import { ru } from '../../../web/i18n/ru.ts'
import { launchBrowser } from '../../support/browser.ts'
import { windiChat } from '../../support/command.ts'
import { type Service, startService } from '../../support/service.ts'
import { done, enter, type Scene, scene } from '../scene.ts'
import { enlarge, openTab, PHONE, sidewaysOf, type Tab } from '../tab.ts'
import { eventually } from '../waiting.ts'

/** A screen of 1,280 × 1,024 at 400 per cent (WCAG 2.2, 1.4.10). */
const zoomed = { viewport: { width: 320, height: 256 }, reducedMotion: 'reduce' as const }
const languages = { 'en-GB': en, 'ru-RU': ru } as const
type Locale = keyof typeof languages
const SHOTS = process.env.SHOTS

let service: Service
let browser: Browser
let made: Scene
/** Codes of links to a group that Bob is not in. */
let code: string
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService({ env: { DEMO: 'on' } }), launchBrowser()])
  made = await scene(service.url)
  const { status, stderr } = await windiChat(service.folder, ['user', 'admin', made.ann.session.user.username!])
  if (status !== 0) throw new Error(stderr)
  const group = await done<{ id: string }>(made.ann, 'post', '/chats', {
    kind: 'group',
    name: 'Wintergreen-Longfellow-Wintergreens',
    member_ids: [],
  })
  code = (await done<{ code: string }>(made.ann, 'post', `/chats/${group.id}/invitations`, {})).code
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** What scrolls sideways, but code; controls that stand beside the screen or are covered wherever they are scrolled to. */
const faults = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    await Promise.allSettled(ending.map(({ finished }) => finished))
    const name = (one: Element) => `${one.outerHTML.slice(0, 160)} …${one.textContent?.slice(0, 30)}`
    const layers = [...document.querySelectorAll('aside, [role=dialog], [role=alertdialog], [role=menu]')]
    const top = layers.at(-1) ?? document.body
    const isSideways = (one: Element) =>
      one.scrollWidth > one.clientWidth + 1 &&
      /auto|scroll/.test(getComputedStyle(one).overflowX) &&
      one.tagName !== 'PRE' &&
      one.tagName !== 'TEXTAREA' &&
      one.tagName !== 'INPUT'
    const all = [document.documentElement, document.body, ...document.body.querySelectorAll('*')]
    const sideways = all.filter((one) => (top.contains(one) && isSideways(one)) || (one.tagName === 'HTML' && one.scrollWidth > innerWidth))
    const controls = [
      ...top.querySelectorAll<HTMLElement>('a, button, input, select, textarea, [tabindex="0"], [role=menuitem], [role=option]'),
    ].filter(
      (one) =>
        one.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
        !one.closest('[inert], [aria-hidden=true]') &&
        // Rows come and go while they are scrolled.
        !one.matches(':disabled, [role=feed] *') &&
        getComputedStyle(one).pointerEvents !== 'none' &&
        one.getBoundingClientRect().width > 1,
    )
    async function isInReach(one: Element): Promise<boolean> {
      one.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
      for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame)
      const { left, right, top: y, bottom } = one.getBoundingClientRect()
      const hit = document.elementFromPoint(
        (Math.max(left, 0) + Math.min(right, innerWidth)) / 2,
        (Math.max(y, 0) + Math.min(bottom, innerHeight)) / 2,
      )
      return left >= -1 && right <= innerWidth + 1 && hit !== null && (one.contains(hit) || hit.closest('label')?.control === one)
    }
    const unreachable: Element[] = []
    // What is measured meanwhile may move it once more.
    for (const one of controls)
      if (!(await isInReach(one)) && !(await isInReach(one)) && !(await isInReach(one)) && one.isConnected) unreachable.push(one)
    return [
      ...sideways.map((one) => `sideways ${one.scrollWidth - one.clientWidth}: ${name(one)}`),
      ...unreachable.map((one) => `out of reach: ${name(one)}`),
    ]
  })

describe.each(Object.keys(languages) as Locale[])('at 400 per cent, in %s, all is in reach and nothing scrolls sideways:', (locale) => {
  const w = languages[locale]
  let tab: Tab
  let page: Page
  beforeAll(async () => {
    tab = await enter(browser, service.url, made.ann, { ...zoomed, locale })
    page = tab.page
  })
  afterAll(() => page?.context().close())

  /** Goes there; what was closed just before takes its own entry off the history. */
  const go = (hash: string) =>
    eventually(async () => {
      await page.evaluate((to) => location.hash !== to && location.assign(to), hash)
      await page.waitForTimeout(150)
      expect(await page.evaluate(() => location.hash)).toBe(hash)
    })
  const dialog = () => page.getByRole('dialog').or(page.getByRole('alertdialog')).last()
  const named = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole('button', { name, exact: true }).filter({ visible: true }).first()
  const shot = (state: string) =>
    SHOTS ? page.screenshot({ path: join(SHOTS, `${locale}-${state.replaceAll(/\W+/g, '-')}.png`) }) : undefined
  async function misfits(state: string, where = page): Promise<string[]> {
    await shot(state)
    return (await faults(where)).map((fault) => `${state}: ${fault}`)
  }
  async function closed(): Promise<void> {
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  }
  async function inWalks(): Promise<void> {
    await go(`#/c/${made.walks}`)
    const feed = page.locator('[role=feed][data-placed=true]')
    await feed.waitFor()
    // So low a screen has little more than the last message, and what is farther away is not in the document.
    await eventually(async () => {
      if (await rowOf('One picture.').isVisible()) return
      await feed.evaluate((list) => list.scrollBy(0, -60))
      throw new Error('not in sight yet')
    })
  }
  const rowOf = (text: string) => page.getByRole('article').filter({ hasText: text }).first()
  /** Opens the menu of a message by keys, as no pointer is needed. */
  async function menuOf(text: string, action?: string): Promise<void> {
    await rowOf(text).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    if (action !== undefined) await page.getByRole('menuitem', { name: action, exact: true }).press('Enter')
  }

  it('the ways in', async () => {
    const { page: fresh } = await openTab(browser, service.url, { ...zoomed, locale })
    await fresh.getByLabel(w.auth.name, { exact: true }).waitFor()
    expect(await misfits('register', fresh)).toEqual([])
    await fresh.getByRole('button', { name: w.auth.toSignIn }).click()
    await fresh.getByLabel(w.auth.login).waitFor()
    expect(await misfits('sign-in', fresh)).toEqual([])
    await fresh.getByRole('button', { name: w.safety.forgot }).click()
    await fresh.getByRole('button', { name: w.safety.haveCode }).waitFor()
    expect(await misfits('recover', fresh)).toEqual([])
    await fresh.context().close()
  })

  it('the list, its filters, what is found', async () => {
    await page.locator('[data-chat]').first().waitFor()
    expect(await misfits('list')).toEqual([])
    await page.getByRole('searchbox').fill('wo')
    await page.getByRole('heading', { name: w.nav.messages }).waitFor()
    expect(await misfits('found')).toEqual([])
    await page.getByRole('searchbox').fill('')
    await page.locator('[data-chat]').first().press('Shift+F10')
    await page.getByRole('menu').waitFor()
    expect(await misfits('menu of a chat')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
  })

  it('a chat, what is pinned, the menu, the emoji, an answer, files to send, a search', async () => {
    await inWalks()
    expect(await misfits('chat')).toEqual([])
    await menuOf('One picture.')
    expect(await misfits('menu')).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await named(w.composer.emoji).click()
    await page.getByRole('gridcell').first().waitFor()
    expect(await misfits('emoji')).toEqual([])
    await page.keyboard.press('Escape')
    await menuOf('One picture.', w.message.reply)
    await page.getByText(w.composer.cancelReply).or(named(w.composer.cancelReply)).first().waitFor()
    const chooser = page.waitForEvent('filechooser')
    await named(w.file.attach).click()
    await page.getByRole('menu').waitFor()
    expect(await misfits('attach')).toEqual([])
    await page.getByRole('menuitem', { name: w.file.any }).click()
    await (await chooser).setFiles({
      name: 'words-that-are-long-enough-to-be-broken.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('words'),
    })
    await page.getByRole('list', { name: w.file.tray }).getByRole('listitem').waitFor()
    expect(await misfits('tray')).toEqual([])
    await page
      .getByRole('list', { name: w.file.tray })
      .getByRole('button', { name: /words-that/ })
      .first()
      .press('Enter')
    await named(w.composer.cancelReply).click()
    await page.keyboard.press('Control+f')
    await page.getByPlaceholder(w.search.placeholder).fill('wo')
    await page.getByRole('list', { name: w.search.results }).getByRole('listitem').first().waitFor()
    expect(await misfits('search')).toEqual([])
    await page.keyboard.press('Escape')
  })

  it.each(['One picture.', 'Three pictures.'])('all dialogs of a message: %s', async (text) => {
    await inWalks()
    const actions = [w.message.forward, w.message.readers, ...(text === 'Three pictures.' ? [w.reaction.who] : [])]
    for (const action of actions) {
      await menuOf(text, action)
      await dialog().waitFor()
      expect(await misfits(action)).toEqual([])
      await closed()
    }
    await rowOf(text).getByRole('button', { name: w.message.photo }).first().press('Enter')
    await dialog().getByRole('img').first().waitFor()
    expect(await misfits('viewer')).toEqual([])
    await closed()
    await menuOf('An answer.', w.report.action)
    await dialog().waitFor()
    expect(await misfits('report')).toEqual([])
    await closed()
  })

  async function openPanel(chat: string, title: string): Promise<void> {
    await go(`#/c/${chat}`)
    await page.getByRole('heading', { name: title, level: 1 }).getByRole('button').click()
    await page.getByRole('complementary').getByRole('heading', { name: w.file.ofChat }).waitFor()
  }
  async function closePanel(): Promise<void> {
    await page.keyboard.press('Escape')
    await page.getByRole('complementary').waitFor({ state: 'detached' })
  }

  it('the panel of a group, a link, the questions it asks', async () => {
    await openPanel(made.walks, 'Walks')
    expect(await misfits('panel of a group')).toEqual([])
    await named(w.order.invite).click()
    await page.getByTestId('group-invitation').waitFor()
    expect(await misfits('link')).toEqual([])
    for (const question of [w.group.delete, w.group.leave]) {
      await named(question).click()
      await dialog().waitFor()
      expect(await misfits(question)).toEqual([])
      await closed()
    }
    await closePanel()
  })

  it('the panel and the card of a person', async () => {
    await openPanel(made.bobs, 'Bob Longfellow-Wintergreen')
    expect(await misfits('panel of a person')).toEqual([])
    await closePanel()
    await inWalks()
    await page.getByRole('button', { name: 'Bob Longfellow-Wintergreen' }).last().press('Enter')
    await dialog().waitFor()
    expect(await misfits('person')).toEqual([])
    await closed()
  })

  it('the palette, a new chat, a new group, an invitation', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('wo')
    await page.getByRole('option', { name: /Words/ }).first().waitFor()
    expect(await misfits('palette')).toEqual([])
    await closed()
    await go('#/')
    await named(w.nav.newChat).click()
    await dialog().getByRole('button', { name: w.newChat.group }).waitFor()
    expect(await misfits('new chat')).toEqual([])
    await dialog().getByRole('button', { name: w.newChat.group }).click()
    await dialog().getByLabel(w.newChat.groupName).fill('Wintergreens')
    await dialog().getByRole('checkbox').first().check()
    expect(await misfits('new group')).toEqual([])
    await closed()
    await go('#/')
    await page.evaluate((to) => location.assign(to), `#/join/${code}`)
    await dialog().waitFor()
    expect(await misfits('join')).toEqual([])
    await closed()
  })

  it.each(Object.keys(en.settings.tab))('the settings: %s', async (part) => {
    await go('#/')
    await go(`#/settings/${part}`)
    await dialog().waitFor()
    await page.waitForLoadState('networkidle')
    await eventually(async () => expect(await dialog().locator('[aria-busy=true]').count()).toBe(0))
    expect(await misfits(`settings ${part}`)).toEqual([])
    await closed()
  })

  it.each(['reports', 'people', 'chats', 'hooks', 'audit', 'health'])('the administration: %s', async (part) => {
    await go('#/')
    await go(`#/admin/${part}`)
    await dialog().waitFor()
    await page.waitForLoadState('networkidle')
    await eventually(async () => expect(await dialog().locator('[aria-busy=true]').count()).toBe(0))
    expect(await misfits(`admin ${part}`)).toEqual([])
    await closed()
  })

  it('without a network', async () => {
    await inWalks()
    await page.context().setOffline(true)
    await page.getByText(w.connection.offline).waitFor()
    expect(await misfits('offline')).toEqual([])
    await page.context().setOffline(false)
    await page.getByText(w.connection.offline).waitFor({ state: 'detached' })
    expect(tab.complaints).toEqual([])
  })
})

it.each(Object.keys(languages) as Locale[])(
  'on a phone with text at 200 per cent, the settings are in reach, too, in %s',
  async (locale) => {
    const { page } = await enter(browser, service.url, made.ann, { ...PHONE, reducedMotion: 'reduce', locale })
    await enlarge(page)
    for (const part of Object.keys(en.settings.tab).filter((one) => one !== 'keyboard')) {
      await page.evaluate((to) => location.assign(to), `#/settings/${part}`)
      await page
        .getByRole('dialog')
        .getByRole('heading', { name: languages[locale].settings.tab[part as 'profile'], exact: true })
        .first()
        .waitFor()
      await page.waitForLoadState('networkidle')
      await eventually(async () => expect(await page.getByRole('dialog').locator('[aria-busy=true]').count()).toBe(0))
      expect([part, await faults(page), await sidewaysOf(page, '[data-page]')]).toEqual([part, [], 0])
    }
    await page.context().close()
  },
)

it('would show what scrolls sideways, and what is out of reach', async () => {
  const { page } = await openTab(browser, service.url, zoomed)
  await page.getByLabel(en.auth.name, { exact: true }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.addStyleTag({ content: 'main { min-width: 25rem; overflow: auto } form button { translate: 20rem }' }).catch(() => undefined)
  const told = await faults(page)
  expect(told.filter((fault) => fault.startsWith('sideways')).length).toBeGreaterThan(0)
  expect(told.filter((fault) => fault.startsWith('out of reach')).length).toBeGreaterThan(0)
  await page.context().close()
})
