import type { Mail, MailFacts, MailKind } from '../../application/ports/mail.ts'
import { type Addresses, words } from './words.ts'

export interface MailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  readonly url: string
  /** The sender, such as `Chat <chat@example.com>`. */
  readonly from: string
  /** Where users reach the service; without it no digests are sent, since nobody could unsubscribe. */
  readonly publicUrl?: string | undefined
}

const CONNECTING_MS = 10_000
const WAITING_MS = 20_000

/** Sends mail by SMTP, on a few connections that are kept. Errors name the kind of failure, and no address. */
export function smtpMail({ url, from, publicUrl }: MailOptions): Mail & { close(): Promise<void> } {
  /** Loaded by who sends mail only: it is an optional package. */
  let opening: ReturnType<typeof open> | undefined
  const open = async () => {
    const { createTransport } = await import('nodemailer')
    const waits = { connectionTimeout: CONNECTING_MS, greetingTimeout: CONNECTING_MS, socketTimeout: WAITING_MS }
    return createTransport({ url, pool: true, maxConnections: 2, ...waits }, { from })
  }
  return {
    canUnsubscribe: publicUrl !== undefined,
    async send(kind, to, facts) {
      const transport = await (opening ??= open())
      const addresses = addressesOf(publicUrl ?? '', facts)
      const { subject, text } = words[kind](facts, addresses)
      const headers = { 'Auto-Submitted': 'auto-generated', ...(kind === 'digest' && oneClick(addresses)) }
      await transport.sendMail({ to: { name: '', address: to }, subject, text, headers }).catch((error: unknown) => {
        throw new Error(`The mail server did not take a mail: ${reasonOf(error)}`)
      })
    },
    async close() {
      ;(await opening)?.close()
    },
  }
}

const addressesOf = (publicUrl: string, facts: MailFacts[MailKind]): Addresses => ({
  page: publicUrl,
  unsubscribe: 'secret' in facts ? `${publicUrl}/api/v1/mail/unsubscribe/${facts.userId}/${facts.secret}` : '',
})

/** RFC 2369, RFC 8058: mail programs show a button that unsubscribes. */
const oneClick = ({ unsubscribe }: Addresses) => ({
  'List-Unsubscribe': `<${unsubscribe}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
})

/** What the server says may name the recipient. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { readonly code?: string; readonly responseCode?: number }
  return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'unknown'
}
