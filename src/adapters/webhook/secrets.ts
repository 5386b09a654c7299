import { createHmac, hkdfSync } from 'node:crypto'

const LABEL = 'windi-chat webhooks'
const PREFIX = 'whsec_'

/** The secrets of webhooks, made of those of the server: nothing of them is stored. */
export interface HookSecrets {
  /** The text that is shown to the receiver. */
  text(hookId: string, number: number): string
  /** `v1` signatures of Standard Webhooks, one for each secret of the server and each of these numbers. */
  sign(
    signed: { readonly hookId: string; readonly id: string; readonly timestamp: number; readonly body: string },
    numbers: readonly number[],
  ): string
}

export function hookSecrets(secrets: readonly string[]): HookSecrets {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', LABEL, 32)))
  const secretOf = (key: Buffer, hookId: string, number: number) => createHmac('sha256', key).update(`${hookId}.${number}`).digest()
  return {
    text: (hookId, number) => PREFIX + secretOf(keys[0]!, hookId, number).toString('base64'),
    sign: ({ hookId, id, timestamp, body }, numbers) =>
      keys
        .flatMap((key) => numbers.map((number) => secretOf(key, hookId, number)))
        .map((secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
        .join(' '),
  }
}
