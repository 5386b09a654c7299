import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../support/browser.ts'
import { type Service, startService } from '../../support/service.ts'
import { composer, openTab, register, row, say, type Tab, writeTo } from '../tab.ts'
import { eventually } from '../waiting.ts'

let service: Service
let browser: Browser
let tab: Tab
let page: Page
beforeAll(async () => {
  ;[service, browser] = await Promise.all([startService({ env: { DEMO: 'on' } }), launchBrowser()])
  tab = await openTab(browser, service.url, { reducedMotion: 'reduce' })
  page = tab.page
  await page.context().grantPermissions(['clipboard-write'])
  await register(page, 'Kira Keys')
  await writeTo(page, 'Boris Keller')
  for (const text of ['First words', 'Second words']) {
    await say(page, text)
    await row(page, text).getByRole('img', { name: 'Sent' }).waitFor()
  }
})
afterAll(async () => {
  await browser?.close()
  await service?.stop()
})

/** Goes to the last message but one by keys alone. */
async function toFirst(): Promise<void> {
  await composer(page).focus()
  await page.keyboard.press('Shift+Tab')
  while (!(await page.evaluate(() => document.activeElement?.matches('article')))) await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Home')
  await eventually(async () => expect(await row(page, 'First words').evaluate((element) => element.matches(':focus'))).toBe(true))
}

/** Cyrillic on the same keys: letters are known by their place. */
const pressRussian = (letter: string, code: string) =>
  page.evaluate(
    ([key, place]) =>
      document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: key!, code: place!, bubbles: true, cancelable: true })),
    [letter, code],
  )

/** What the keys do, and what is there then. */
const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
  r: () => page.getByText('Replying to').waitFor(),
  e: () => page.getByRole('textbox', { name: 'Edit message' }).waitFor(),
  f: () => page.getByRole('dialog', { name: 'Forward' }).waitFor(),
  c: () => page.getByText('Copied', { exact: true }).waitFor(),
  '+': () => page.getByRole('dialog', { name: 'Emoji picker' }).waitFor(),
  p: () => page.getByRole('button', { name: /Pinned messages/ }).waitFor(),
}

describe('a message that keys have led to', () => {
  it.each(Object.keys(deeds))('has its deed under %s', async (key) => {
    await toFirst()
    await page.keyboard.press(key)
    await deeds[key]!()
    await page.keyboard.press('Escape')
    await eventually(async () => expect(await composer(page).inputValue()).toBe(''))
  })

  it('has no focus back from where the next key has taken it', async () => {
    await toFirst()
    await page.evaluate(async () => {
      const keys = { End: 'End', e: 'KeyE' }
      for (const [key, code] of Object.entries(keys))
        document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }))
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
    })
    expect(await page.getByRole('textbox', { name: 'Edit message' }).evaluate((field) => field === document.activeElement)).toBe(true)
    await page.keyboard.press('Escape')
    await eventually(async () => expect(await composer(page).inputValue()).toBe(''))
  })

  it('has the same under a Cyrillic letter', async () => {
    await toFirst()
    await pressRussian('к', 'KeyR')
    await deeds.r!()
    expect(await composer(page).inputValue()).toBe('')
    await page.keyboard.press('Escape')
  })

  it('is deleted by Delete, which can be taken back', async () => {
    await toFirst()
    await page.keyboard.press('Delete')
    expect(await row(page, 'First words').count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await row(page, 'First words').waitFor()
  })

  it('gives any other letter to the composer, and all of them once it was pressed with a mouse', async () => {
    await toFirst()
    await page.keyboard.type('hm')
    expect(await composer(page).inputValue()).toBe('hm')
    await composer(page).fill('')
    await row(page, 'Second words').getByText('Second words').click()
    await page.keyboard.type('reply')
    expect(await composer(page).inputValue()).toBe('reply')
    await composer(page).fill('')
  })
})

type Step = readonly [string, { readonly isComposing?: boolean; readonly keyCode?: number }]
/** Enter that ends a composition: before its end in Chromium and Firefox, after it and under another code in Safari. */
const orders: Readonly<Record<string, readonly Step[]>> = {
  'Chromium and Firefox': [
    ['compositionstart', {}],
    ['keydown', { isComposing: true, keyCode: 229 }],
    ['compositionend', {}],
    ['keyup', {}],
  ],
  'Firefox by its flag alone': [
    ['compositionstart', {}],
    ['keydown', { isComposing: true, keyCode: 13 }],
    ['compositionend', {}],
  ],
  Safari: [
    ['compositionstart', {}],
    ['compositionend', {}],
    ['keydown', { isComposing: false, keyCode: 229 }],
    ['keyup', {}],
  ],
}

describe('an input method', () => {
  it.each(Object.entries(orders))('ends its composition by Enter without sending, in the order of %s', async (_, order) => {
    await composer(page).fill('にほんご')
    await composer(page).evaluate((field, events: readonly Step[]) => {
      for (const [type, init] of events) {
        const given = { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, ...init }
        field.dispatchEvent(type.startsWith('comp') ? new CompositionEvent(type, given) : new KeyboardEvent(type, given))
      }
    }, order)
    expect(await composer(page).inputValue()).toBe('にほんご')
    await composer(page).press('Enter')
    expect(await composer(page).inputValue()).toBe('')
    await row(page, 'にほんご').last().getByRole('img', { name: 'Sent' }).waitFor()
  })
})

describe('keys of the open chat', () => {
  it('reply to the last message, also from the composer', async () => {
    await composer(page).focus()
    await page.keyboard.press('Control+ArrowUp')
    await page.getByText('Replying to').waitFor()
    await page.keyboard.type('Yes')
    await page.keyboard.press('Enter')
    await row(page, 'Yes').getByText('にほんご').waitFor()
    expect(await page.getByText('Replying to').count()).toBe(0)
  })

  it('mute it, and end that', async () => {
    await page.keyboard.press('Control+Shift+M')
    await page.getByRole('status').getByText('Muted').waitFor()
    await page.keyboard.press('Control+Shift+M')
    await page.getByRole('status').getByText('Notifications on').waitFor()
    expect(tab.complaints).toEqual([])
  })
})
