import { z } from 'zod'
import { addressed, noted, page, plain, Time, Uuid } from './common.ts'

export const NewInlet = z.strictObject({ name: noted(plain(), 'The name of the sender of its messages.', 'Build') })

const inlet = { id: Uuid, name: z.string(), created_at: Time, created_by: Uuid }
export const Inlet = z.object(inlet)
export type Inlet = z.infer<typeof Inlet>
export const InletWithUrl = z.object({
  ...inlet,
  url: noted(z.string(), 'Where programs post. It has the secret of the inlet, and is not shown again.'),
})
export const InletPage = page(Inlet)

const text = noted(plain(), 'The text of the message.', 'Build 4711 passed')
const part = noted(plain(), 'Shown if there is no text.', 'Disk is full').optional()
const attachment = z.object({ title: part, text: part, fallback: part })
/** Some, such as Grafana, leave the text out and have everything in attachments. */
const attached = z.object({ attachments: z.array(attachment).min(1).max(20) }).transform(({ attachments }, context) => {
  const lines = attachments.flatMap(({ title, text, fallback }) => (title || text ? [title, text] : [fallback])).filter(Boolean)
  if (lines.length > 0) return { text: lines.join('\n') }
  context.issues.push({ code: 'custom', message: 'have no text', input: attachments, path: ['attachments'] })
  return z.NEVER
})
const shapes = [z.object({ text }), attached] as const
const message = z.union(shapes)
/** What programs for Slack send: an object with a `text`, as it is or as the field `payload` of a form. Other members are ignored. */
export const InletMessage = z.union([
  ...shapes,
  z.object({ payload: plain() }).transform(({ payload }, context) => {
    const parsed = message.safeParse(jsonOf(payload))
    if (parsed.success) return parsed.data
    context.issues.push({ code: 'custom', message: 'is JSON with a text', input: payload, path: ['payload'] })
    return z.NEVER
  }),
])

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const InletPosted = z.object({ message_id: Uuid })

export const inletInPath = addressed<string>('The id of an inlet.')
export const secretInPath = noted(z.string(), 'The secret of the inlet.')
