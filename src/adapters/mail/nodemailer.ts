import type { Mail } from '../../application/ports/mail.ts'
import { words } from './words.ts'

export interface MailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string
  /** The sender, such as `Chat <chat@example.com>`. */
  readonly from: string
}

const CONNECTING_MS = 10_000
const WAITING_MS = 20_000

/** Sends mail by SMTP, on a few connections that are kept. Errors name the kind of failure, and no address. */
export function smtpMail({ url, from }: MailOptions): Mail & { close(): Promise<void> } {
  /** Loaded by who sends mail only: it is an optional package. */
  let opening: ReturnType<typeof open> | undefined
  const open = async () => {
    const { createTransport } = await import('nodemailer')
    const waits = { connectionTimeout: CONNECTING_MS, greetingTimeout: CONNECTING_MS, socketTimeout: WAITING_MS }
    return createTransport({ url, pool: true, maxConnections: 2, ...waits }, { from })
  }
  return {
    async send(kind, to, facts) {
      const transport = await (opening ??= open())
      const { subject, text } = words[kind](facts)
      const headers = { 'Auto-Submitted': 'auto-generated' }
      await transport.sendMail({ to: { name: '', address: to }, subject, text, headers }).catch((error: unknown) => {
        throw new Error(`The mail server did not take a mail: ${reasonOf(error)}`)
      })
    },
    async close() {
      ;(await opening)?.close()
    },
  }
}

/** What the server says may name the recipient. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number }
  return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'unknown'
}
