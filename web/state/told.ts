interface Person {
  readonly id: string
  readonly name: string | null
}

interface Facts {
  readonly seq: number
  readonly at: number
  readonly actorId: string | undefined
}

/** What the log tells besides messages, as far as the page has words for it. */
export type Told = Facts &
  (
    | { readonly type: 'chat.created'; readonly name: string }
    | { readonly type: 'chat.renamed'; readonly name: string }
    | { readonly type: 'member.added'; readonly user: Person }
    | { readonly type: 'member.left'; readonly userId: string }
    | { readonly type: 'member.removed'; readonly userId: string }
    | { readonly type: 'chat.rules_changed' }
    | { readonly type: 'chat.description_changed' }
    | { readonly type: 'chat.avatar_changed' }
    | { readonly type: 'member.muted'; readonly userId: string; readonly isMuted: boolean }
    | { readonly type: 'member.banned'; readonly userId: string }
    | { readonly type: 'member.unbanned'; readonly userId: string }
    | { readonly type: 'member.role_changed'; readonly userId: string; readonly role: 'owner' | 'admin' | 'member' }
  )

/** An event as the service sends it. */
export type Wire = { readonly type: string; readonly seq: number; readonly at: string; readonly actor_id: string | null } & Record<
  string,
  unknown
>

/** One reader for each type that is shown; all others, and those that are still to come, are left out. */
const readers: { readonly [T in Told['type']]: (event: Wire) => Omit<Extract<Told, { type: T }>, keyof Facts> } = {
  'chat.created': ({ name }) => ({ type: 'chat.created', name: name as string }),
  'chat.renamed': ({ name }) => ({ type: 'chat.renamed', name: name as string }),
  'member.added': ({ user }) => ({ type: 'member.added', user: user as Person }),
  'member.left': ({ user_id }) => ({ type: 'member.left', userId: user_id as string }),
  'member.removed': ({ user_id }) => ({ type: 'member.removed', userId: user_id as string }),
  'chat.rules_changed': () => ({ type: 'chat.rules_changed' }),
  'chat.avatar_changed': () => ({ type: 'chat.avatar_changed' }),
  'chat.description_changed': () => ({ type: 'chat.description_changed' }),
  'member.muted': ({ user_id, until }) => ({ type: 'member.muted', userId: user_id as string, isMuted: until !== null }),
  'member.banned': ({ user_id }) => ({ type: 'member.banned', userId: user_id as string }),
  'member.unbanned': ({ user_id }) => ({ type: 'member.unbanned', userId: user_id as string }),
  'member.role_changed': ({ user_id, role }) => ({ type: 'member.role_changed', userId: user_id as string, role: role as 'member' }),
}

export function readTold(event: Wire): Told | undefined {
  if (!Object.hasOwn(readers, event.type)) return undefined
  const { seq, at, actor_id: actorId } = event
  return { seq, at: Date.parse(at), actorId: actorId ?? undefined, ...readers[event.type as Told['type']](event) }
}

export interface Stretch {
  readonly after: number
  readonly to: number
}

/** Where messages leave numbers out there is something else in the log. `known` is what has been read; `end` the last number to ask for. */
export function holesOf(seqs: readonly number[], isWhole: boolean, known: ReadonlySet<number>): Stretch[] {
  const holes: Stretch[] = []
  let before = isWhole ? 0 : (seqs[0] ?? 0)
  for (const seq of seqs) {
    for (let after = before; after < seq - 1; after++) {
      if (known.has(after + 1)) continue
      const last = holes.at(-1)
      // Near ones are asked for together: an answer has up to 100 events.
      if (last && after + 1 - last.after <= PAGE) holes[holes.length - 1] = { after: last.after, to: after + 1 }
      else holes.push({ after, to: after + 1 })
    }
    before = seq
  }
  return holes
}

/** As many events has an answer at most. */
export const PAGE = 100
