/** An emoji with the words by which it is found. */
export interface Named {
  readonly emoji: string
  readonly label: string
  readonly tags?: readonly string[]
  /** Absent for what is only a part of others. */
  readonly order?: number
}

/** What is typed after a `:` at the caret, at least two letters, and where that begins; undefined where no emoji is meant. */
export function emojiAt(text: string, caret: number): { readonly start: number; readonly query: string } | undefined {
  const [, query] = /(?:^|[\s(]):([\p{L}\p{N}_+-]{2,32})$/u.exec(text.slice(Math.max(0, caret - 40), caret)) ?? []
  return query === undefined ? undefined : { start: caret - query.length - 1, query: query.toLocaleLowerCase() }
}

/** Emoji of which a word begins with the query: a whole word before a part, the name before the other words, then in their usual order. */
export function searchEmoji(all: readonly Named[], query: string, most: number): readonly Named[] {
  const wanted = query.replaceAll('_', ' ')
  const rank = ({ label, tags = [] }: Named): number => {
    const name = label.toLocaleLowerCase()
    if (name === wanted) return 0
    if (tags.some((tag) => tag.toLocaleLowerCase() === wanted)) return 1
    if (beginsIn(name, wanted)) return 2
    return tags.some((tag) => beginsIn(tag.toLocaleLowerCase(), wanted)) ? 3 : 4
  }
  return all
    .filter(({ order }) => order !== undefined)
    .map((named) => ({ named, place: rank(named) }))
    .filter(({ place }) => place < 4)
    .toSorted((a, b) => a.place - b.place || a.named.order! - b.named.order!)
    .slice(0, most)
    .map(({ named }) => named)
}

const beginsIn = (words: string, part: string) => words.startsWith(part) || words.includes(` ${part}`) || words.includes(`-${part}`)
