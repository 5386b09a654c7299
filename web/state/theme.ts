import { forget, keep, kept, onKept } from './kept.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** What the browser's own surroundings are painted with: that of `--bg-side`. */
const bars = { light: '#f6f7f9', dark: '#0f1114' } as const

export const chosenTheme = (): Theme => themes.find((theme) => theme === kept('theme')) ?? 'system'

export function applyTheme(theme: Theme = chosenTheme()): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')) {
    const own = meta.media.includes('dark') ? 'dark' : 'light'
    meta.content = bars[theme === 'system' ? own : theme]
  }
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') forget('theme')
  else keep('theme', theme)
  applyTheme(theme)
}

/** Follows the choice of other tabs. */
export const followTheme = (): void => onKept('theme', () => applyTheme())
