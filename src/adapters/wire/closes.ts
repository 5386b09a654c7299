interface Close {
  readonly name: string
  /** Whether the client connects again by itself. If not, only after something has changed. */
  readonly comesBack: boolean
  readonly meaning: string
}

/** The close codes of the server. */
export const closes = {
  1003: { name: 'binary', comesBack: false, meaning: 'The client sent a binary frame; frames are text.' },
  1009: { name: 'oversized', comesBack: false, meaning: 'A frame was larger than 64 KiB.' },
  4000: { name: 'draining', comesBack: true, meaning: 'This process is shutting down; other processes are not.' },
  4001: { name: 'silent', comesBack: true, meaning: 'The server received nothing for two heartbeats.' },
  4002: { name: 'too-slow', comesBack: true, meaning: 'The client reads too slowly, even after a `gap`.' },
  4029: { name: 'too-many-connections', comesBack: true, meaning: 'Too many connections of this user or from this address.' },
  4400: { name: 'no-json', comesBack: false, meaning: 'More than 20 frames in a row were not JSON.' },
  4401: {
    name: 'unauthenticated',
    comesBack: false,
    meaning: 'The token was refused or has expired, or no `authorize` succeeded within 10 seconds.',
  },
  4403: { name: 'session-ended', comesBack: false, meaning: 'The session has ended, or the account was deleted.' },
  4409: { name: 'replaced', comesBack: false, meaning: 'A newer socket of the same user and `device_id` replaced this one.' },
} as const satisfies Record<number, Close>

export type CloseCode = keyof typeof closes

/** Standard close codes after which a client connects again as well. */
const BACK_ANYWAY: readonly number[] = [1001, 1006, 1011, 1012]

/** Whether a client connects again by itself after this close code, with jitter. */
export const comesBack = (code: number): boolean => BACK_ANYWAY.includes(code) || (code in closes && closes[code as CloseCode].comesBack)
