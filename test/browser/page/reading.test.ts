import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { composer, openFromList, openTab, register, row, say, settings, type Tab, writeTo } from '../tab.ts'
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

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const ending = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
    return Promise.allSettled(ending.map(({ finished }) => finished))
  })
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' · ')}`)
}

async function inChat(name: string, options = {}): Promise<Tab> {
  const tab = await openTab(browser, service.url, { reducedMotion: 'reduce', ...options })
  await register(tab.page, name)
  await writeTo(tab.page, 'Boris Keller')
  await composer(tab.page).fill('Hello there, how are you today?')
  await tab.page.getByRole('button', { name: 'Send' }).click()
  await row(tab.page, 'Hello').getByRole('img', { name: 'Sent' }).waitFor()
  return tab
}

describe('every part that comes late', () => {
  it.each(['light', 'dark'] as const)(
    'is accessible in the %s',
    async (colorScheme) => {
      const { page, complaints } = await inChat(`Ada ${colorScheme}`, { colorScheme })
      const parts: Readonly<Record<string, () => Promise<unknown>>> = {
        palette: async () => {
          await page.keyboard.press('Control+k')
          await page.getByRole('combobox').fill('bo')
          await page.getByRole('option').first().waitFor()
        },
        emoji: async () => {
          await page.getByRole('button', { name: 'Emoji' }).click()
          await page.getByRole('gridcell').first().waitFor()
        },
        menu: async () => {
          await row(page, 'Hello').hover()
          await row(page, 'Hello').getByRole('button', { name: 'Actions for the message' }).click()
          await page.getByRole('menu').waitFor()
        },
        details: async () => {
          await page.getByRole('button', { name: 'Contact info' }).last().click()
          await page.getByRole('complementary').waitFor()
        },
        privacy: async () => {
          await settings(page, 'Privacy')
          await page.getByRole('group', { name: 'Who can write to you first' }).waitFor()
        },
        account: async () => {
          await settings(page, 'Account')
          await page.getByRole('button', { name: 'Add an authenticator app' }).waitFor()
        },
        search: async () => {
          await page.keyboard.press('Control+f')
          await page.getByLabel('Text to find').fill('hello')
          await page.getByRole('list', { name: 'Results' }).getByRole('button').first().waitFor()
        },
      }
      for (const [name, open] of Object.entries(parts)) {
        await open()
        expect(await violations(page), name).toEqual([])
        await page.keyboard.press('Escape')
        const layer = page
          .getByRole('dialog')
          .or(page.getByRole('menu'))
          .or(page.getByRole('complementary'))
          .or(page.getByLabel('Text to find'))
        await layer.waitFor({ state: 'detached' })
      }
      expect(complaints).toEqual([])
      await page.context().close()
    },
    60_000,
  )
})

describe('text at 200 %', () => {
  it.each([
    ['a desk', { width: 1100, height: 760 }],
    ['a phone', { width: 360, height: 640 }],
  ])('scrolls nothing sideways, and cuts no message, on %s', async (where, viewport) => {
    const { page } = await inChat(`Bea ${where.split(' ').at(-1)}`, { viewport })
    await page.addStyleTag({ content: 'html { font-size: 200% }' })
    const outside = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('button, [data-bubble], input, textarea, h1, nav a')]
          .filter((element) => element.checkVisibility() && !element.closest('[aria-hidden], nav [role=group]'))
          .filter((element) => {
            const { left, right, width } = element.getBoundingClientRect()
            return width > 1 && (left < -1 || right > innerWidth + 1)
          })
          .map((element) => element.outerHTML.slice(0, 120)),
      )
    await eventually(async () => expect(await outside()).toEqual([]))
    const heading = page.getByRole('heading', { name: /Boris/ }).locator('bdi')
    expect((await heading.boundingBox())!.width).toBeGreaterThan(40)
    if (viewport.width < 700) await page.getByRole('button', { name: 'Back to chats' }).click()
    await eventually(async () => expect(await outside()).toEqual([]))
    await page.context().close()
  })
})

it('forced colours leave a border round every bubble and every avatar, and mark the open chat', async () => {
  const { page } = await inChat('Cleo Forced', { forcedColors: 'active' })
  const styleOf = (selector: string, property: 'borderTopStyle' | 'outlineStyle') =>
    page
      .locator(selector)
      .first()
      .evaluate((element, name) => getComputedStyle(element)[name], property)
  expect(await styleOf('[data-bubble]', 'borderTopStyle')).toBe('solid')
  expect(await styleOf('[data-avatar]', 'borderTopStyle')).toBe('solid')
  expect(await styleOf('nav a[aria-current]', 'outlineStyle')).toBe('solid')
  await page.context().close()
})

it('list times move at midnight', async () => {
  const { page } = await openTab(browser, service.url, { timezoneId: 'UTC' })
  await page.clock.install({ time: Date.now() })
  await page.reload()
  await register(page, 'Dora Midnight')
  await writeTo(page, 'Boris Keller')
  await say(page, 'Before midnight')
  const time = page.getByRole('navigation').getByRole('link', { name: /Boris/ }).locator('time')
  await eventually(async () => expect(await time.innerText()).toMatch(/^\d\d:\d\d$/))
  await page.clock.fastForward('24:00:00')
  await eventually(async () => expect(await time.innerText()).toMatch(/^\p{L}{3}$/u))
  await page.getByRole('feed').getByText('Yesterday').waitFor()
  await page.context().close()
})

it('only who looks reads: a visible page without the focus does not', async () => {
  const { page } = await inChat('Edda Look')
  const { page: other } = await openTab(browser, service.url)
  await register(other, 'Finn Writes')
  await writeTo(other, 'Edda Look')
  await say(other, 'First words')
  await openFromList(page, 'Finn Writes')
  await row(other, 'First words').getByRole('img', { name: 'Read' }).waitFor()
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  await page.evaluate(() => {
    Object.defineProperty(document, 'hasFocus', { value: () => false })
    const { now } = Date
    Date.now = () => now() + 61_000
    dispatchEvent(new Event('blur'))
  })
  await say(other, 'Are you looking?')
  await row(page, 'Are you looking?').waitFor()
  await page.waitForTimeout(800)
  expect(await row(other, 'Are you looking?').getByRole('img', { name: 'Sent' }).count()).toBe(1)
  await page.evaluate(() => dispatchEvent(new Event('pointerdown')))
  await row(other, 'Are you looking?').getByRole('img', { name: 'Read' }).waitFor()
  await Promise.all([page.context().close(), other.context().close()])
})
