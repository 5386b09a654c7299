import { invalid } from '../../domain/refusal.ts'

export type RawQuery = Readonly<Record<string, string | readonly string[]>>

/** The parameters of a query, repeated ones as a list. What is not percent-encoded UTF-8 is refused, and never guessed at. */
export function rawQuery(text: string): RawQuery {
  const all: Record<string, string | string[]> = Object.create(null)
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const [name = '', ...rest] = pair.split('=').map((part) => part.replaceAll('+', ' '))
    const [key, value] = [decoded(name), decoded(rest.join('='))]
    const earlier = all[key]
    all[key] = earlier === undefined ? value : [earlier, value].flat()
  }
  return all
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('', 'has a query of percent-encoded UTF-8')
  }
}
