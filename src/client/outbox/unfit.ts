import type { Problem as WireProblem } from '../../adapters/wire/schemas/service.ts'
import { isRefusal } from '../../domain/refusal.ts'
import { checkedText } from '../../domain/words.ts'
import type { OutboxEntry } from '../types.ts'

/** What the service would refuse is not even tried. */
export function unfit({ text, content, forward }: OutboxEntry): WireProblem | undefined {
  if (forward || (text === '' && (content?.attachments ?? []).length > 0)) return undefined
  try {
    checkedText(text)
    return undefined
  } catch (error) {
    if (!isRefusal(error)) throw error
    return {
      type: `/problems/${error.code}`,
      title: error.message,
      status: 422,
      code: error.code,
      request_id: '',
      ...error.facts,
    } as WireProblem
  }
}
