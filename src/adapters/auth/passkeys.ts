import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { PasskeyResponse, Passkeys } from '../../application/ports/second-factors.ts'

export interface PasskeyOptions {
  /** The address of the service: its host is the one that passkeys belong to. */
  readonly publicUrl: string
  /** Other origins whose pages may use the passkeys of that host. */
  readonly origins?: readonly string[]
}

const NAME = 'windi-chat'
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

/** Passkeys by WebAuthn level 3; each use asks for the user's fingerprint, face or PIN. Makers of authenticators are not checked. */
export function webauthnPasskeys({ publicUrl, origins = [] }: PasskeyOptions): Passkeys {
  const { hostname: rpID, origin } = new URL(publicUrl)
  // A fifth of the time that a process takes to start: whoever has no passkeys does not load it, and nobody waits for it.
  const loading = import('@simplewebauthn/server')
  loading.catch(() => undefined)
  const expected = { expectedOrigin: [origin, ...origins], expectedRPID: rpID, requireUserVerification: true }
  return {
    async creation({ challenge, user, known }) {
      const { generateRegistrationOptions } = await loading
      const options = await generateRegistrationOptions({
        rpName: NAME,
        rpID,
        challenge: bytesOf(challenge),
        userID: new Uint8Array(Buffer.from(user.id)),
        userName: user.name,
        userDisplayName: user.displayName,
        attestationType: 'none',
        excludeCredentials: known.map((id) => ({ id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      return options as unknown as PasskeyResponse
    },
    async request(challenge) {
      const { generateAuthenticationOptions } = await loading
      const options = await generateAuthenticationOptions({ rpID, challenge: bytesOf(challenge), userVerification: 'required' })
      return options as unknown as PasskeyResponse
    },
    async created(response, challenge) {
      const { verifyRegistrationResponse } = await loading
      const checked = await verifyRegistrationResponse({
        ...expected,
        response: response as unknown as RegistrationResponseJSON,
        expectedChallenge: challenge,
      }).catch(() => undefined)
      const made = checked?.registrationInfo?.credential
      return made && { credentialId: made.id, publicKey: textOf(made.publicKey), counter: made.counter }
    },
    async used(response, { challenge, credentialId, publicKey, counter }) {
      const { verifyAuthenticationResponse } = await loading
      const checked = await verifyAuthenticationResponse({
        ...expected,
        response: response as unknown as AuthenticationResponseJSON,
        expectedChallenge: challenge,
        credential: { id: credentialId, publicKey: bytesOf(publicKey), counter },
      }).catch(() => undefined)
      return checked?.verified ? checked.authenticationInfo.newCounter : undefined
    },
  }
}
