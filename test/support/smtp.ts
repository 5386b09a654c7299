import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { eventually } from './waiting.ts'

export interface ReceivedMail {
  readonly to: readonly string[]
  /** As it came over the line, headers first. */
  readonly text: string
}

export interface Smtp extends AsyncDisposable {
  readonly url: string
  readonly mails: readonly ReceivedMail[]
  /** Refuses every mail from now on, or takes them again. */
  refuse(isRefusing: boolean): void
  refused(): number
  /** The next mail to an address whose text matches, however long it takes. */
  mail(to: string, pattern: RegExp): Promise<RegExpExecArray>
  close(): Promise<void>
}

/** A mail server on a port of its own that keeps what it receives. */
export async function startSmtp(): Promise<Smtp> {
  const mails: ReceivedMail[] = []
  let isRefusing = false
  let refused = 0
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, { envelope }, done) {
      void text(stream).then((received) => {
        if (isRefusing && ++refused) return done(Object.assign(new Error('no room'), { responseCode: 451 }))
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), text: received.replaceAll('=\r\n', '') })
        done()
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    refused: () => refused,
    refuse: (is) => void (isRefusing = is),
    mail: (to, pattern) =>
      eventually(() => {
        const at = mails.findIndex((mail) => mail.to.includes(to) && pattern.test(mail.text))
        if (at < 0) throw new Error(`no mail to ${to} matches ${pattern}`)
        return pattern.exec(mails.splice(at, 1)[0]!.text)!
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
