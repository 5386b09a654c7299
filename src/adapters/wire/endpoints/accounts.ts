import { accountRoutes as routes } from '../routes/accounts.ts'
import { factorInPath } from '../schemas/common.ts'
import * as identity from '../schemas/identity.ts'
import { Me } from '../schemas/people.ts'
import type { Endpoint } from './endpoint.ts'

const inFactor = { factor_id: factorInPath }
const checksPassword = ['bad-credentials', 'too-many-requests'] as const

/** Email addresses, recovery and second factors. */
export const accountEndpoints = {
  recover: {
    ...routes.recover,
    tag: 'Identity',
    summary: 'Request a code for a new password',
    description:
      'Always answers 204, in the same time. The mail goes to the verified email of the user who has this login, if there is one.',
    open: true,
    body: identity.Recovery,
    success: { 204: null },
    problems: ['too-many-requests'],
  },
  resetPassword: {
    ...routes.resetPassword,
    tag: 'Identity',
    summary: 'Set a new password with a code, end all sessions and sign in',
    open: true,
    body: identity.PasswordReset,
    success: { 200: identity.Session },
    problems: ['bad-code', 'second-factor', 'person-disabled', 'too-many-requests'],
  },
  verifyEmail: {
    ...routes.verifyEmail,
    tag: 'Identity',
    summary: 'Verify your email with the code that was mailed to it',
    description: 'A code is valid for 30 minutes and 5 tries. The address belongs to the user who verifies it first.',
    body: identity.EmailCode,
    success: { 200: Me },
    problems: ['bad-code', 'email-taken', 'not-found'],
  },
  sendEmailCode: {
    ...routes.sendEmailCode,
    tag: 'Identity',
    summary: 'Mail another code to the email that is to be verified',
    description: 'Three times an hour, at most.',
    success: { 204: null },
    problems: ['not-found', 'too-many-requests'],
  },
  listFactors: {
    ...routes.listFactors,
    tag: 'Identity',
    summary: 'List your second factors and passkeys',
    success: { 200: identity.FactorList },
    problems: [],
  },
  addTotp: {
    ...routes.addTotp,
    tag: 'Identity',
    summary: 'Get a secret for an authenticator app',
    description: 'It counts as a second factor once you confirm a code of it.',
    body: identity.NewTotp,
    success: { 201: identity.TotpSecret },
    problems: [...checksPassword, 'factors-full'],
  },
  confirmTotp: {
    ...routes.confirmTotp,
    tag: 'Identity',
    summary: 'Confirm an authenticator app with a code of it',
    params: inFactor,
    body: identity.TotpCode,
    success: { 200: identity.FactorAdded },
    problems: ['bad-code', 'factor-not-found', 'too-many-requests'],
  },
  removeFactor: {
    ...routes.removeFactor,
    tag: 'Identity',
    summary: 'Remove a second factor or passkey',
    params: inFactor,
    body: identity.Confirmation,
    success: { 204: null },
    problems: [...checksPassword, 'factor-not-found'],
  },
  newRecoveryCodes: {
    ...routes.newRecoveryCodes,
    tag: 'Identity',
    summary: 'Replace your recovery codes',
    body: identity.Confirmation,
    success: { 200: identity.RecoveryCodes },
    problems: checksPassword,
  },
  passkeyCreation: {
    ...routes.passkeyCreation,
    tag: 'Identity',
    summary: 'Get the options for making a passkey',
    description: 'Only if the service knows its public address.',
    body: identity.Confirmation,
    success: { 200: identity.PasskeyOptions },
    problems: [...checksPassword, 'not-found'],
  },
  addPasskey: {
    ...routes.addPasskey,
    tag: 'Identity',
    summary: 'Add the passkey that your browser has made',
    body: identity.NewPasskey,
    success: { 201: identity.FactorAdded },
    problems: ['bad-code', 'factors-full', 'not-found'],
  },
  passkeySignIn: {
    ...routes.passkeySignIn,
    tag: 'Identity',
    summary: 'Get the options for signing in with a passkey',
    description: 'Only if the service knows its public address.',
    open: true,
    success: { 200: identity.PasskeyOptions },
    problems: ['not-found', 'too-many-requests'],
  },
  signInWithPasskey: {
    ...routes.signInWithPasskey,
    tag: 'Identity',
    summary: 'Sign in with a passkey, instead of a password and a second factor',
    open: true,
    body: identity.PasskeySignIn,
    success: { 200: identity.Session },
    problems: ['bad-credentials', 'bad-code', 'person-disabled', 'not-found', 'too-many-requests'],
  },
} as const satisfies Record<string, Endpoint>
