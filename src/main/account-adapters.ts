import { webauthnPasskeys } from '../adapters/auth/passkeys.ts'
import { derivedSeals } from '../adapters/auth/seals.ts'
import { otpauthTotp } from '../adapters/auth/totp.ts'
import { smtpMail } from '../adapters/mail/nodemailer.ts'
import { newDigits } from '../adapters/system/random.ts'
import type { Mail } from '../application/ports/mail.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { Tallies } from '../application/ports/tallies.ts'
import type { Config } from './config.ts'
import { secretsOf } from './secret.ts'

type Adapters = Pick<Ports, 'mail' | 'seals' | 'totp' | 'passkeys' | 'newDigits'> & Pick<Ports, 'limitTallies'>

/** The adapters for mail, codes and second factors that the settings select. `closing` registers what to close at the end. */
export function accountAdapters(config: Config, secret: string, closing: (close: () => Promise<unknown>) => void): Adapters {
  const { publicUrl, allowedOrigins, rateLimits } = config
  const origins = allowedOrigins.filter((origin) => origin !== '*')
  return {
    mail: mailFor(config, closing),
    ...(!rateLimits && { limitTallies: noTallies }),
    seals: derivedSeals(secretsOf(secret)),
    totp: otpauthTotp,
    passkeys: publicUrl === undefined ? undefined : webauthnPasskeys({ publicUrl, origins }),
    newDigits,
  }
}

function mailFor({ mailUrl: url, mailFrom: from, publicUrl }: Config, closing: (close: () => Promise<unknown>) => void): Mail | undefined {
  if (url === undefined || from === undefined) return undefined
  const mail = smtpMail({ url, from, publicUrl })
  closing(mail.close)
  return mail
}

/** Counts nothing, so that nothing is ever too much. */
const noTallies: Tallies = { change: async (_, turn) => turn(undefined).result, forget: async () => 0 }
