import { settings } from '../config.ts'
import { unknownName } from './names.ts'

/** The names of options that settings do not know. */
export const HOST_OPTIONS = ['log', 'ports', 'store', 'identify', 'beforeSend', 'beforeCreateChat', 'beforeJoin', 'basePath'] as const

/**
 * Checks options as settings are checked: an unknown name is refused, a text is read as the variable's value would be. All mistakes are
 * reported together.
 */
export function checkedOptions<O extends object>(given: O, others: readonly string[]): O {
  const mistakes: string[] = []
  const checked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const setting = Object.hasOwn(settings, name) ? settings[name as keyof typeof settings] : undefined
    if (!setting && !others.includes(name)) mistakes.push(unknownName(name, [...Object.keys(settings), ...others]))
    else if (setting && typeof value === 'string') {
      const parsed = setting.schema.safeParse(value)
      if (parsed.success) checked[name] = parsed.data
      else mistakes.push(`${name} ${parsed.error.issues[0]!.message}`)
    } else if (setting && typeof value === 'number' && !(Number.isFinite(value) && value >= 0)) mistakes.push(`${name} is a number from 0`)
    else checked[name] = value
  }
  if (mistakes.length > 0) throw new TypeError(`Options that cannot be used: ${mistakes.join('; ')}`)
  return checked as O
}
