import type { Row } from '../../database/connect.ts'
import type { Statement } from '../../lane/round.ts'

const texts = new Map<string, string>()

/** Reads as one statement, whose rows are JSON with the number of their read. What columns hold here, JSON holds exactly. */
export function together(reads: readonly Statement[]): Statement {
  const name = reads.map((read) => read.name).join()
  let text = texts.get(name)
  if (text === undefined) texts.set(name, (text = joined(reads)))
  return { name, text, values: reads.flatMap(({ values = [] }) => values) }
}

function joined(reads: readonly Statement[]): string {
  let taken = 0
  const parts = reads.map(({ text, values = [] }, k) => {
    const before = taken
    taken += values.length
    const own = text.replace(/\$(\d+)/g, (_, place: string) => `$${before + Number(place)}`)
    return `select ${k} as read, to_json(r)::text as found from (${own}) as r`
  })
  return parts.join(' union all ')
}

/** The rows of each read again. */
export function apart(count: number, rows: readonly Row[]): Row[][] {
  const found = Array.from({ length: count }, (): Row[] => [])
  for (const { read, found: json } of rows) found[read as number]!.push(JSON.parse(json as string) as Row)
  return found
}
