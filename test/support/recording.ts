/** What happened in a run, in the order in which it was noticed. Ids are those of the wire. */
export type Entry =
  /** Somebody begins to send something, for the first time. The `n`th of theirs in that chat, one after another. */
  | { readonly type: 'sent'; readonly by: string; readonly chat: string; readonly key: string; readonly n: number }
  | {
      readonly type: 'acknowledged'
      readonly by: string
      readonly chat: string
      readonly key: string
      readonly id: string
      readonly seq: number
    }
  /** Applied by the client's rule: it was the next one, or the first of a chat. */
  | {
      readonly type: 'applied'
      readonly by: string
      readonly chat: string
      readonly seq: number
      readonly what: string
      readonly isFirst: boolean
    }
  /** On one line, an event came again or out of its turn. */
  | { readonly type: 'out-of-turn'; readonly by: string; readonly chat: string; readonly seq: number; readonly after: number }
  | { readonly type: 'heads-ahead'; readonly by: string; readonly chat: string; readonly head: number; readonly at: number }
  | { readonly type: 'limited'; readonly by: string; readonly chat: string; readonly from: number; readonly to: number }
  | { readonly type: 'gap'; readonly by: string; readonly chat: string; readonly from: number; readonly to: number }
  | { readonly type: 'reset'; readonly by: string; readonly chat: string | null; readonly reason: string }
  | { readonly type: 'gone'; readonly by: string; readonly chat: string; readonly reason: string }
  | {
      readonly type: 'receipt'
      readonly by: string
      readonly line: number
      readonly chat: string
      readonly user: string
      readonly seq: number
    }
  /** Somebody asks that everything up to here be marked. */
  | { readonly type: 'marks'; readonly by: string; readonly chat: string; readonly seq: number }
  /** The service says that it is marked up to here. */
  | { readonly type: 'marked'; readonly by: string; readonly chat: string; readonly seq: number }
  /** Somebody begins to react so, or ceases to. */
  | ({ readonly type: 'reacts' } & ReactedEntry)
  /** The service has acknowledged it. */
  | ({ readonly type: 'reacted' } & ReactedEntry)
  | { readonly type: 'resuming'; readonly by: string; readonly line: number }
  | {
      readonly type: 'resumed'
      readonly by: string
      readonly line: number
      readonly heads: Readonly<Record<string, number>>
      /** Where the client stood by then. */
      readonly cursors: Readonly<Record<string, number>>
    }
  /** The one who decides who is in a chat begins to take somebody in or out. One change after another, each tried until it is done. */
  | { readonly type: 'changes-member'; readonly chat: string; readonly user: string; readonly to: 'in' | 'out' }

interface ReactedEntry {
  readonly by: string
  readonly chat: string
  readonly message: string
  readonly emoji: string
  readonly on: boolean
}

/** What the service shows somebody of messages, besides their texts. */
export interface ShownContent {
  /** Of messages that some have reacted to: each emoji with its count. */
  readonly messages: readonly { readonly id: string; readonly reactions: readonly string[]; readonly mine: readonly string[] }[]
  readonly pins: readonly string[]
}

/** How it stands when everything has come to rest. */
export interface Ending {
  readonly chats: readonly {
    readonly id: string
    /** Its log, whole. */
    readonly log: readonly LoggedEvent[]
  }[]
  readonly clients: readonly {
    readonly user: string
    readonly cursors: Readonly<Record<string, number>>
    /** What the service says of each chat that is one's own. */
    readonly views: Readonly<Record<string, View>>
  }[]
}

export interface View {
  readonly readSeq: number
  readonly unread: number
  readonly unreadMentions: number
  readonly content: ShownContent
}

export interface LoggedEvent {
  readonly seq: number
  readonly what: string
  readonly sent?: { readonly by: string; readonly key: string; readonly id: string } | undefined
  readonly deletes?: number | undefined
  /** The message that it is about, if it is one of these kinds. */
  readonly about?: string | undefined
  readonly changes?: WireEvent['changes']
  readonly pins?: boolean | 'deleted' | undefined
  /** Whom a sent message mentions now. */
  readonly mentions?: { readonly users: readonly string[]; readonly isAll: boolean } | undefined
  readonly joins: readonly string[]
  readonly leaves?: string | undefined
}

export interface Recording {
  readonly entries: readonly Entry[]
  readonly ending: Ending
}

/** An event of the wire, as far as it is looked at here. */
export interface WireEvent {
  readonly chat_id: string
  readonly seq: number
  readonly type: string
  readonly message?: {
    readonly id: string
    readonly sender: { readonly id: string }
    readonly client_message_id: string | null
    readonly text: string | null
    readonly mentions?: readonly { readonly kind: string; readonly user_id?: string }[]
  }
  readonly message_id?: string
  readonly message_seq?: number
  readonly changes?: readonly { readonly emoji: string; readonly on: boolean; readonly user_ids: readonly string[] }[]
  readonly user?: { readonly id: string }
  readonly user_id?: string
  readonly name?: string | null
  readonly members?: readonly { readonly user: { readonly id: string } }[]
}

/** Names what happened, alike for everybody who is told of it. Text and version are those of the moment of telling. */
export const whatOf = ({ type, message, message_id, user, user_id }: WireEvent): string =>
  [type, message?.id ?? message_id ?? user?.id ?? user_id].filter((part) => part !== undefined).join(' ')

const PINS: Readonly<Record<string, LoggedEvent['pins']>> = {
  'message.pinned': true,
  'message.unpinned': false,
  'message.deleted': 'deleted',
}

/** `keys` are those of messages, which the wire shows to their senders only. */
export function loggedOf(event: WireEvent, keys: ReadonlyMap<string, string>): LoggedEvent {
  const { seq, type, message, message_id, message_seq, members, user, user_id } = event
  return {
    seq,
    what: whatOf(event),
    sent: message && { by: message.sender.id, key: keys.get(message.id) ?? '', id: message.id },
    deletes: type === 'message.deleted' ? message_seq : undefined,
    about: message_id,
    changes: event.changes,
    pins: PINS[type],
    mentions: message?.mentions && {
      users: message.mentions.flatMap((mention) => mention.user_id ?? []),
      isAll: message.mentions.some(({ kind }) => kind === 'all'),
    },
    joins: type === 'chat.created' ? (members ?? []).map((member) => member.user.id) : type === 'member.added' ? [user!.id] : [],
    leaves: type === 'member.left' || type === 'member.removed' ? user_id : undefined,
  }
}
