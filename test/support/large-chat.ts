import type { Page } from 'playwright-core'
import { groupName } from '../../src/main/demo-texts.ts'
import { openFromList, openTab, type Tab } from '../browser/tab.ts'
import { launchBrowser } from './browser.ts'
import { windiChat } from './command.ts'
import { tempFolder } from './places.ts'
import { startService } from './service.ts'

/** Chats of the demo data, of whoever signs in: the long one, and the group. */
export const DEMO_CHATS = { long: 'Мария Лебедева', group: groupName } as const

export interface LargeChat extends AsyncDisposable {
  readonly tab: Tab
}

/** A browser in which somebody with a chat of so many messages has signed in. */
export async function largeChat(messages: number): Promise<LargeChat> {
  const folder = await tempFolder('windi-chat-large')
  const seeded = await windiChat(folder.path, ['seed', '--messages', String(messages)])
  if (seeded.status !== 0) throw new Error(seeded.stderr)
  const [service, browser] = await Promise.all([startService({ folder: folder.path }), launchBrowser()])
  const tab = await openTab(browser, service.url)
  await tab.page.getByRole('button', { name: /Already have an account/ }).click()
  await tab.page.getByLabel('Email or username').fill('user1')
  await tab.page.getByLabel('Password', { exact: true }).fill('password123')
  await tab.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  return {
    tab,
    async [Symbol.asyncDispose]() {
      await browser.close()
      await service.stop()
      await folder.remove()
    },
  }
}

/** Opens a chat, at what has not been read. */
export async function openPlaced(page: Page, title: string): Promise<void> {
  await openFromList(page, title)
  await page.locator('[role=feed][data-placed=true]').waitFor()
}

export async function toLatest(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: /latest/ })
  await button.click()
  await button.waitFor({ state: 'detached' })
}

export interface Climbed {
  /** How many times something older appeared above. */
  readonly prepends: number
  /** How far what was in sight has moved by itself at most, in pixels. */
  readonly jump: number
  /** How many rows there were in the document at most. */
  readonly rows: number
}

/** Scrolls upwards until so much older has come; looks in every frame whether something moves that nobody has moved. */
export const climb = (page: Page, prepends: number): Promise<Climbed> =>
  page.evaluate(async (wanted) => {
    const feed = document.querySelector<HTMLElement>('[role=feed]')!
    /** Where a row is drawn in the next frame: an observer is told after all that a frame has settled. */
    const drawn = (key: string) =>
      new Promise<number>((resolve) =>
        requestAnimationFrame(() => {
          const row = feed.querySelector(`[data-message="${key}"]`)
          if (!row) return resolve(Number.POSITIVE_INFINITY)
          const observer = new IntersectionObserver(([seen]) => {
            observer.disconnect()
            resolve(seen!.boundingClientRect.top)
          })
          observer.observe(row)
        }),
      )
    const rowsNow = () => [...feed.querySelectorAll<HTMLElement>('[data-message]')]
    const most = { prepends: 0, jump: 0, rows: 0 }
    for (let step = 0; step < 40 * wanted && most.prepends < wanted; step++) {
      feed.scrollTop -= 900
      const middle = feed.getBoundingClientRect().top + feed.clientHeight / 2
      await drawn('')
      const key = rowsNow().find((row) => row.getBoundingClientRect().bottom > middle)!.dataset.message!
      const y = await drawn(key)
      const height = feed.scrollHeight
      for (let frames = 0; frames < 8; frames++) {
        most.jump = Math.max(most.jump, Math.abs((await drawn(key)) - y))
        most.rows = Math.max(most.rows, rowsNow().length)
      }
      if (feed.scrollHeight > height + 1_000) most.prepends++
    }
    return most
  }, prepends)
