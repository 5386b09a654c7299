import type { Message } from '../../src/client/index.ts'
import { linksOf } from '../timeline/format/links.ts'

/** What a message may be asked to have. */
export const haves = ['any', 'link', 'file', 'image'] as const
export type Has = (typeof haves)[number]

export interface Filters {
  readonly senderId: string | undefined
  readonly has: Has
  /** The last day, as `YYYY-MM-DD`. */
  readonly until: string | undefined
}

export const noFilters: Filters = { senderId: undefined, has: 'any', until: undefined }

const passes: Readonly<Record<Has, (message: Pick<Message, 'text' | 'attachments'>) => boolean>> = {
  any: () => true,
  link: ({ text = '' }) => linksOf(text).length > 0,
  file: ({ attachments }) => attachments.length > 0,
  image: ({ attachments }) => attachments.some(({ file }) => file.kind === 'image'),
}

/** Whether a message that was found is wanted, as far as the service has not looked at that. */
export function isWanted(message: Pick<Message, 'text' | 'attachments' | 'at'>, { has, until }: Pick<Filters, 'has' | 'until'>): boolean {
  return passes[has](message) && (until === undefined || message.at < endOf(until))
}

/** When the day is over, by the clock on the wall. */
function endOf(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + 1).getTime()
}
