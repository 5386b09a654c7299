interface Close {
  readonly name: string
  /** Is the client to connect again by itself, or only after something has changed. */
  readonly comesBack: boolean
  readonly meaning: string
}

/** Why the server closes a socket, by close code. */
export const closes = {
  1003: { name: 'binary', comesBack: false, meaning: 'Frames are text.' },
  1009: { name: 'oversized', comesBack: false, meaning: 'A frame was larger than 64 KiB.' },
  4000: { name: 'draining', comesBack: true, meaning: 'This process is shutting down; others go on.' },
  4001: { name: 'silent', comesBack: true, meaning: 'No sign of life for two heartbeats.' },
  4002: { name: 'too-slow', comesBack: true, meaning: 'Too slow to read even what was left after a `gap`.' },
  4029: { name: 'too-many-connections', comesBack: true, meaning: 'Too many connections.' },
  4400: { name: 'no-json', comesBack: false, meaning: 'More than 20 frames in a row were not JSON.' },
  4401: {
    name: 'unauthenticated',
    comesBack: false,
    meaning: 'The token was refused or has expired, or nobody was known after 10 seconds.',
  },
  4403: { name: 'session-ended', comesBack: false, meaning: 'The session has ended, or the person was deleted.' },
  4409: { name: 'replaced', comesBack: false, meaning: 'A newer socket of the same person and `device_id` took over.' },
} as const satisfies Record<number, Close>

export type CloseCode = keyof typeof closes

/** Codes that networks and servers give of themselves, after which a client comes back as well. */
const BACK_ANYWAY: readonly number[] = [1001, 1006, 1011, 1012]

/** True when a client connects again by itself after this close code, with jitter. */
export const comesBack = (code: number): boolean => BACK_ANYWAY.includes(code) || (code in closes && closes[code as CloseCode].comesBack)
