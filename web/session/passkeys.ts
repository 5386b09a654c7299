import i18next from 'i18next'
import { type Auth, type ChatClient, isProblem } from '../../src/client/index.ts'
import { addPasskey, passkeyCreation, passkeySignIn, signInWithPasskey } from '../../src/client/order.ts'
import { deviceName } from '../state/device-name.ts'
import { errorText } from '../state/problem-text.ts'
import { useService } from '../state/service.ts'

/** Whether this browser makes and uses passkeys, and the service takes them. */
export function useHasPasskeys(): boolean {
  const { service } = useService()
  return service?.passkeys === true && 'PublicKeyCredential' in window && 'parseRequestOptionsFromJSON' in PublicKeyCredential
}

function answered(credential: Credential | null): unknown {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('No passkey was given')
  return credential.toJSON()
}

/** Signs in with a passkey that the browser lets the user choose. */
export async function enterByPasskey(auth: Auth): Promise<void> {
  const { challengeId, options } = await passkeySignIn(auth)
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as never)
  const response = answered(await navigator.credentials.get({ publicKey }))
  await signInWithPasskey(auth, { challengeId, response, deviceName: deviceName() })
}

/** Makes a passkey on this device. Returns recovery codes, if the user had none. */
export async function makePasskey(client: ChatClient, currentPassword: string): Promise<readonly string[] | undefined> {
  const { challengeId, options } = await passkeyCreation(client, currentPassword)
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as never)
  const response = answered(await navigator.credentials.create({ publicKey }))
  return (await addPasskey(client, { challengeId, response, name: deviceName() })).recoveryCodes
}

/** Why that went wrong; the browser does not say whether the user has changed their mind. */
export function passkeyText(error: unknown): string {
  if (error instanceof DOMException) return i18next.t('safety.passkeyFailed')
  if (isProblem(error) && error.code === 'not-found') return i18next.t('safety.noPasskeys')
  return errorText(error)
}
