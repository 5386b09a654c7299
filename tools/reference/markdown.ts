/** The first lines of a page: its title, the question it answers, and that it is generated. */
export const head = (title: string, question: string): string =>
  `# ${title}\n\n${question}\n\n<!-- Generated from the code by \`npm run documents\`. -->\n`

export const next = (text: string): string => `\nNext: ${text}\n`

/** A table of Markdown. Cells may hold anything but line breaks that matter. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

export const code = (text: string): string => `\`${text}\``

/** The anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
