/** A mutant that no test can notice, and why: the program does the same with it, or differs only where nothing is promised. */
export interface Equivalent {
  readonly file: string
  /** The source that is replaced, on one line. */
  readonly was: string
  /** By what. Left out: by anything. */
  readonly becomes?: string
  readonly why: string
}

const SHORTCUT = 'A shortcut: the longer way gives the same.'
const APPEARS = 'A shortcut: `show` itself shows only a chat that has not appeared, which has no message.'

export const equivalents: readonly Equivalent[] = [
  { file: 'src/domain/content.ts', was: 'mentions.length === 0', becomes: 'false', why: SHORTCUT },
  { file: 'src/domain/content.ts', was: 'text.length > DATA_LIMIT', why: SHORTCUT },
  { file: 'src/domain/content.ts', was: 'one === other', becomes: 'false', why: SHORTCUT },
  { file: 'src/domain/content.ts', was: 'attachments.length === 0', becomes: 'false', why: SHORTCUT },
  { file: 'src/domain/words.ts', was: 'trimmed.length > TEXT_LIMIT', why: SHORTCUT },
  { file: 'src/domain/reaction.ts', was: 'own.length === 0', becomes: 'false', why: SHORTCUT },
  { file: 'src/domain/guard.ts', was: '(chat.guard & UNANSWERED) === 0', becomes: 'false', why: SHORTCUT },
  { file: 'src/domain/accepting.ts', was: 'chat.guard === 0', becomes: 'false', why: SHORTCUT },
  {
    file: 'src/domain/reaction.ts',
    was: 'shown.length > 2 * EMOJI_POINTS',
    why: 'Keeps long texts from being counted; what is longer is refused for its code points, too.',
  },
  {
    file: 'src/domain/keys.ts',
    was: '[]',
    why: 'What does not match has neither an id nor a secret, whatever stands in the place of the whole.',
  },
  { file: 'src/domain/keys.ts', was: 'id === undefined', becomes: 'false', why: 'The expression finds both or neither.' },
  {
    file: 'src/domain/reacting.ts',
    was: 'steps.length > PEOPLE_PER_EVENT',
    why: 'A shortcut: what fits into one event has one order on the wire, that of its changes.',
  },
  {
    file: 'src/application/fairness.ts',
    was: "who === 'person'",
    becomes: 'true',
    why: 'Only persons read and search: the classes of cost of these names are theirs.',
  },
  {
    file: 'src/application/notices/pushing.ts',
    was: 'i < due.length',
    becomes: 'i <= due.length',
    why: 'Another part of the devices, with none in it.',
  },
  {
    file: 'src/application/notices/pushing.ts',
    was: "'sent'",
    becomes: '""',
    why: 'What has not failed is not counted, whatever it is called.',
  },
  { file: 'src/application/notices/pushing.ts', was: "outcome.is === 'again'", becomes: 'true', why: 'What is done stays done.' },
  { file: 'src/application/notices/missed.ts', was: 'missed.length === 0', becomes: 'false', why: SHORTCUT },
  { file: 'src/application/notices/missed.ts', was: 'blocked.length === 0', becomes: 'false', why: SHORTCUT },
  {
    file: 'src/application/notices/missed.ts',
    was: 'blocked.length === 0 || counts(lastMessage)',
    becomes: 'blocked.length === 0 && counts(lastMessage)',
    why: SHORTCUT,
  },
  { file: 'src/application/notices/digests.ts', was: "''", why: 'A digest goes to the address that its user has when it is sent.' },
  { file: 'src/application/network.ts', was: "''", why: 'A text that is split has a first part.' },
  { file: 'src/application/chats/add-members.ts', was: 'added.length === 0', becomes: 'false', why: SHORTCUT },
  {
    file: 'src/application/chats/open-private-chat.ts',
    was: '!isNew && view.me.isHidden && view.lastMessage === undefined',
    why: APPEARS,
  },
  { file: 'src/application/chats/open-private-chat.ts', was: '!isNew && view.me.isHidden', why: APPEARS },
  { file: 'src/application/chats/open-private-chat.ts', was: 'view.lastMessage === undefined', becomes: 'true', why: APPEARS },
  { file: 'src/application/chats/requests.ts', was: "''", why: 'A group has a name.' },
  { file: 'src/application/messages/admitting.ts', was: '[]', why: 'A draft that is sent has a list of attachments, be it empty.' },
  { file: 'src/application/importing/history.ts', was: 'some.length === 0', becomes: 'false', why: SHORTCUT },
  { file: 'src/application/importing/history.ts', was: 'points.length <= TEXT_LIMIT', becomes: 'false', why: SHORTCUT },
  {
    file: 'src/application/importing/history.ts',
    was: 'points.length <= TEXT_LIMIT',
    becomes: 'points.length < TEXT_LIMIT',
    why: SHORTCUT,
  },
  {
    file: 'src/application/importing/history.ts',
    was: 'i < points.length',
    becomes: 'i <= points.length',
    why: 'Another part, with nothing in it: blank parts are left out.',
  },
  {
    file: 'src/application/importing/history.ts',
    was: 'i < all.length',
    becomes: 'i <= all.length',
    why: 'Another slice, with nothing in it.',
  },
]
