import type { ChatApi } from '../chat-api.ts'
import type { Mailing } from './mailing.ts'

/** As long as an address may be. */
const LOGIN_MAX = 254

/** Keeps the login only: who has it is looked up when the mail is sent, so that the answer tells nothing, not even by its time. */
export const recover =
  ({ post }: Mailing): ChatApi['recover'] =>
  (_anonymous, { login }) =>
    post('reset-password', { address: login.slice(0, LOGIN_MAX) })
