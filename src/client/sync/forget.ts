import { type Copy, peopleOf, startOver } from '../copy/copies.ts'
import { emptyMembers } from '../copy/members.ts'
import type { SyncNeeds } from './needs.ts'

export interface Forgetting {
  /** The copy is out of date. What is shown stays until it is loaded again. */
  reset(copy: Copy): void
  gone(chatId: string, reason: 'left' | 'removed' | 'deleted' | 'not-found'): void
  /** The user has left a private chat: only the answer says so. */
  hide(copy: Copy): void
}

/** Gives up copies of chats. */
export function forgetting({ copies, emit, ...needs }: Pick<SyncNeeds, 'copies' | 'emit' | 'gone' | 'absent'>): Forgetting {
  function reset(copy: Copy): void {
    startOver(copy, undefined)
    const { item } = copy
    // Nothing that arrives later is older than this.
    if (item) Object.assign(item, { headSeq: 0, readSeq: 0, readByOthersSeq: undefined })
    copies.touch(copy, 'timeline', 'item')
  }

  return {
    reset,
    gone(chatId, reason) {
      const copy = copies.find(chatId)
      if (copy) {
        const people = peopleOf(copy)
        reset(copy)
        copy.item = undefined
        copy.typing = []
        Object.assign(copy.members, emptyMembers())
        copies.touch(copy, 'item', 'timeline', 'members', 'typing')
        needs.absent(people)
      }
      needs.gone(chatId)
      emit('gone', { chatId, reason })
    },
    hide(copy) {
      copy.generation++
      copy.item = undefined
      copy.isHidden = true
      copies.touch(copy, 'item', 'timeline', 'members')
      emit('gone', { chatId: copy.id, reason: 'hidden' })
    },
  }
}
