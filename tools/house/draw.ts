import { type Arrow, type Box, type House, type Line, place } from './place.ts'
import type { Room } from './rooms.ts'
import { floors } from './words.ts'

/** Draws the rooms on their floors as SVG: an arrow leads from a room to one that it imports. */
export function drawHouse(rooms: readonly Room[]): string {
  const house = place(rooms)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${house.width} ${house.height}" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" role="img" aria-labelledby="title text">
  <title id="title">The rooms of windi-chat</title>
  <desc id="text">${description(rooms)}</desc>
  <style>${STYLE}</style>
  <defs><marker id="tip" viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0 10 5 0 10z"/></marker></defs>
  <rect class="sheet" width="${house.width}" height="${house.height}" rx="16"/>
${[...labels(house), ...house.arrows.map(drawnArrow), ...house.boxes.map(drawnBox)].map((part) => `  ${part}`).join('\n')}
</svg>
`
}

const STYLE = `
    .sheet { fill: #f8fafc }
    .domain { fill: #4f46e5; stroke: #4338ca }
    .application { fill: #e0e7ff; stroke: #818cf8 }
    .room { fill: #fff; stroke: #94a3b8 }
    .outer { fill: #ecfdf5; stroke: #34a37a }
    .program { fill: #fff7e6; stroke: #d3982c }
    .arrow { fill: none; stroke: #64748b; stroke-width: 1.4; marker-end: url(#tip) }
    .tip { fill: #64748b }
    text { fill: #0f172a; font-size: 12px }
    .name { font-size: 15px; font-weight: 650 }
    .inner { fill: #64748b }
    .on-domain { fill: #fff }
    .floor { font-size: 13px; font-weight: 650; fill: #334155 }
    .hint { font-size: 11.5px; fill: #64748b }
    @media (prefers-color-scheme: dark) {
      .sheet { fill: #111827 } .application { fill: #272b5c } .room { fill: #1f2937; stroke: #64748b } .outer { fill: #12352a } .program { fill: #3a2d12 }
      text { fill: #e5e7eb } .on-domain { fill: #fff } .floor { fill: #cbd5e1 } .inner, .hint { fill: #94a3b8 } .arrow { stroke: #94a3b8 } .tip { fill: #94a3b8 }
    }
  `

const kinds: Readonly<Record<string, string>> = {
  domain: 'domain',
  application: 'application',
  client: 'outer',
  web: 'outer',
  contracts: 'outer',
  main: 'program',
  entries: 'program',
}

function drawnBox({ room, x, y, width, height, lines }: Box): string {
  const kind = kinds[room.name] ?? 'room'
  const ink = kind === 'domain' ? ' on-domain' : ''
  const middle = x + width / 2
  const top = y + (height - lines.length * 16 - 18) / 2
  const text = (line: Line, i: number) =>
    `<text class="${line.isInner ? 'inner' : 'line'}${ink}" x="${middle}" y="${top + 32 + i * 16}">${escaped(line.text)}</text>`
  return [
    `<g text-anchor="middle"><rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="10" stroke-width="1.5"/>`,
    `<text class="name${ink}" x="${middle}" y="${top + 14}">${room.name}</text>${lines.map(text).join('')}</g>`,
  ].join('')
}

function drawnArrow({ start: [x, y], end: [toX, toY] }: Arrow): string {
  const bend = (toY - y) / 2
  const path = x === toX ? `M${x} ${y}V${toY}` : `M${x} ${y}C${x} ${y + bend} ${toX} ${toY - bend} ${toX} ${toY}`
  return `<path class="arrow" d="${path}"/>`
}

/** At the left of each floor, in the height of its boxes. */
const labels = ({ boxes }: House): readonly string[] =>
  floors.flatMap(({ has, title, hint }) => {
    const box = boxes.find(({ room }) => room.name === has)
    if (!box) return []
    const y = box.y + box.height / 2
    return [`<text class="floor" x="24" y="${y - 2}">${title}</text><text class="hint" x="24" y="${y + 14}">${hint}</text>`]
  })

const description = (rooms: readonly Room[]) =>
  rooms
    .filter(({ imports }) => imports.length > 0)
    .map(({ name, imports }) => `${name} imports ${imports.join(', ')}`)
    .join('; ')

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
