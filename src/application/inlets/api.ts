import type { ChatId, MessageId } from '../../domain/ids.ts'
import type { Anonymous, Caller } from '../caller.ts'
import type { Inlet, InletPosition } from '../ports/inlets.ts'
import type { Page, Window } from '../ports/lists.ts'

/** The calls about inlets: for owners and admins of a group, and for whoever has the address of one. */
export interface InletsApi {
  /** The secret is shown this once. Refuses with `inlets-full`. */
  createInlet(
    caller: Caller,
    command: { readonly chatId: ChatId; readonly name: string },
  ): Promise<{ readonly inlet: Inlet; readonly secret: string }>
  listInlets(caller: Caller, chatId: ChatId, window: Window<InletPosition>): Promise<Page<Inlet, InletPosition>>
  deleteInlet(caller: Caller, command: { readonly chatId: ChatId; readonly inletId: string }): Promise<void>
  /** Posts to the chat of an inlet. The same key gets the same message. */
  postToInlet(
    anonymous: Anonymous,
    command: { readonly inletId: string; readonly secret: string; readonly text: string; readonly key?: string | undefined },
  ): Promise<{ readonly messageId: MessageId }>
}
