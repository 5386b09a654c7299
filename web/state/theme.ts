import { keep, kept } from './kept.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const chosenTheme = (): Theme => themes.find((theme) => theme === kept('theme')) ?? 'system'

export function applyTheme(theme: Theme = chosenTheme()): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
}

export function chooseTheme(theme: Theme): void {
  keep('theme', theme === 'system' ? undefined : theme)
  applyTheme(theme)
}
