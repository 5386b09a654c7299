import type { Route } from './route.ts'

/** Recovery, second factors and passkeys, which the core of the client does not call. */
export const accountRoutes = {
  upgradeGuest: { method: 'post', path: '/users/me/upgrade' },
  recover: { method: 'post', path: '/auth/recover' },
  resetPassword: { method: 'post', path: '/auth/reset' },
  verifyEmail: { method: 'post', path: '/auth/email/verify' },
  sendEmailCode: { method: 'post', path: '/auth/email/send' },
  listFactors: { method: 'get', path: '/auth/factors' },
  addTotp: { method: 'post', path: '/auth/factors/totp' },
  confirmTotp: { method: 'post', path: '/auth/factors/{factor_id}/confirm' },
  removeFactor: { method: 'post', path: '/auth/factors/{factor_id}/remove' },
  newRecoveryCodes: { method: 'post', path: '/auth/factors/recovery-codes' },
  passkeyCreation: { method: 'post', path: '/auth/passkeys/options' },
  addPasskey: { method: 'post', path: '/auth/passkeys' },
  passkeySignIn: { method: 'post', path: '/auth/passkey/options' },
  signInWithPasskey: { method: 'post', path: '/auth/passkey' },
} as const satisfies Record<string, Route>
