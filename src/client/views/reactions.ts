import type { Copies, Copy } from '../copy/copies.ts'
import { changed } from '../copy/timeline.ts'
import { formIn, isOn, isTold, type Wish } from '../copy/wishes.ts'
import type { Message } from '../types.ts'
import type { Chosen } from './settling.ts'

interface Needs {
  readonly copy: Copy
  readonly copies: Copies
  settle(chosen: Chosen): Promise<void>
}

type React = (messageId: string, emoji: string, on: boolean) => Promise<void>

/** Shows what the user chooses at once, and has it carried out. */
export function reactions({ copy, copies, settle }: Needs): React {
  const { wishes } = copy

  function renewed(messageId: string): void {
    renew(copy, messageId)
    copies.touch(copy, 'timeline', 'item')
  }

  function begin(messageId: string, emoji: string, on: boolean): Promise<void> {
    const wish: Wish = { on, until: undefined, done: undefined }
    const some = wishes.get(messageId) ?? new Map<string, Wish>()
    wishes.set(messageId, some.set(emoji, wish))
    wish.done = settle({ messageId, emoji, wish })
      .catch((error: unknown) => {
        some.delete(emoji)
        throw error
      })
      .finally(() => {
        wish.done = undefined
        renewed(messageId)
      })
    renewed(messageId)
    return wish.done
  }

  return (messageId, given, on) => {
    tidy(copy)
    const message = known(copy, messageId)
    const emoji = message ? formIn(message, given) : given
    const before = wishes.get(messageId)?.get(emoji)
    if (!before?.done) return message && isOn(message, emoji, before) === on ? Promise.resolve() : begin(messageId, emoji, on)
    before.on = on
    renewed(messageId)
    return before.done
  }
}

const known = ({ timeline, item }: Copy, messageId: string): Message | undefined =>
  timeline.messages.get(messageId) ?? (item?.lastMessage?.id === messageId ? item.lastMessage : undefined)

/** What is shown of a message is made again. */
function renew({ timeline, item }: Copy, messageId: string): void {
  const message = timeline.messages.get(messageId)
  if (message) {
    timeline.messages.set(messageId, { ...message })
    changed(timeline, message.seq)
  }
  if (item?.lastMessage?.id === messageId) item.lastMessage = { ...item.lastMessage }
}

/** What has been told since is shown without its wish. */
function tidy(copy: Copy): void {
  for (const [id, some] of copy.wishes) {
    const message = known(copy, id)
    for (const [emoji, wish] of some) if (!wish.done && (!message || isTold(message, wish))) some.delete(emoji)
    if (some.size === 0) copy.wishes.delete(id)
  }
}
