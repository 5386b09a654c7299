import type { ChatId, Count, Instant } from '../../domain/ids.ts'
import type { Caller } from '../caller.ts'
import type { Consumer, DeadPosition, DeadRange } from '../ports/consumers.ts'
import type { Page, Window } from '../ports/lists.ts'

/** A webhook: an address that receives events. */
export interface Hook {
  readonly id: string
  readonly url: string
  /** Undefined: all. */
  readonly types: readonly string[] | undefined
  readonly chatIds: readonly ChatId[] | undefined
  readonly batch: Count
  readonly isEnabled: boolean
  readonly state: Consumer['state']
  /** Events that wait, as the process that delivers has reported last. */
  readonly behind: Count
  readonly lastSuccessAt: Instant | undefined
  readonly lastError: string | undefined
}

export interface HookPosition {
  readonly id: string
}

/** What is changed of a webhook. What is absent stays; null: all. */
export interface HookChange {
  readonly url?: string | undefined
  readonly types?: readonly string[] | null | undefined
  readonly chatIds?: readonly ChatId[] | null | undefined
  readonly batch?: Count | undefined
  readonly isEnabled?: boolean | undefined
}

/** The calls with which webhooks are kept: for keys with the scope `hooks`. */
export interface HooksApi {
  /** Refuses with `hooks-full`. */
  createHook(
    caller: Caller,
    command: Omit<HookChange, 'isEnabled'> & { readonly url: string; readonly from?: Instant | undefined },
  ): Promise<{ readonly hook: Hook; readonly secret: string }>
  listHooks(caller: Caller, window: Window<HookPosition>): Promise<Page<Hook, HookPosition>>
  getHook(caller: Caller, hookId: string): Promise<Hook>
  updateHook(caller: Caller, command: HookChange & { readonly hookId: string }): Promise<Hook>
  deleteHook(caller: Caller, hookId: string): Promise<void>
  /** Makes a new secret. Requests are signed with it and, for 24 hours, with the one before. */
  rotateHook(caller: Caller, hookId: string): Promise<{ readonly hook: Hook; readonly secret: string }>
  /** Delivers everything since this time again, in one chat or in all. */
  replayHook(
    caller: Caller,
    command: { readonly hookId: string; readonly from: Instant; readonly chatId?: ChatId | undefined },
  ): Promise<Hook>
  /** Gives up the range of a chat that fails, so that the next one is delivered. */
  skipHook(caller: Caller, command: { readonly hookId: string; readonly chatId: ChatId }): Promise<Hook>
  listDeadRanges(caller: Caller, hookId: string, window: Window<DeadPosition>): Promise<Page<DeadRange, DeadPosition>>
  /** Has all ranges that were given up delivered once more. */
  retryDeadRanges(caller: Caller, hookId: string): Promise<Hook>
}
