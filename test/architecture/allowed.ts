import type { Lengths } from './long.ts'

/** Suites of tests and dictionaries are long by nature: a kit has a clause, and a dictionary a line, for every promise or text. */
export const exempt = /^src\/contracts\/|^web\/i18n\/(en|ru)\.ts$/

/** What is longer than it may be, and why. The list may only shrink: shorten the number with the function, and delete it in the end. */
const reasons: readonly { readonly why: string; readonly lengths: Lengths }[] = [
  {
    why: 'A record of functions over shared state, most of them of a few lines; its parts are to become files',
    lengths: {
      'src/adapters/bus/postgres.ts postgresBus': 126,
      'src/adapters/ws/chat-sockets.ts chatSockets': 83,
      'src/application/live/presence.ts livePresence': 150,
      'src/main/container.ts factoriesFor': 80,
      'src/main/testing/sockets.ts testingSockets': 81,
    },
  },
  {
    why: 'The public types of the client, in one file so that a reader finds them in one place',
    lengths: { 'src/client/types.ts': 454 },
  },
  {
    why: 'A table: of all frames, and of all calls, one row for each',
    lengths: { 'src/adapters/wire/frames.ts': 276 },
  },
  {
    why: 'A component with its markup; hooks and parts are to move out',
    lengths: {
      'web/composer/composer.tsx Composer': 139,
      'web/dialogs/new-chat.tsx NewChat': 78,
      'web/dialogs/palette/palette.tsx Palette': 89,
      'web/timeline/format/parse.ts inline': 79,
      'web/timeline/timeline.tsx Timeline': 87,
    },
  },
]

export const allowed: Lengths = Object.assign({}, ...reasons.map(({ lengths }) => lengths))
