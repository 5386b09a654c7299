import { routes } from '../routes.ts'
import { PageQuery, sessionInPath } from '../schemas/common.ts'
import * as identity from '../schemas/identity.ts'
import { Service } from '../schemas/service.ts'
import type { Endpoint } from './endpoint.ts'

export const identityEndpoints = {
  getService: {
    ...routes.getService,
    tag: 'Service',
    summary: 'What serves here, and within which limits',
    open: true,
    success: { 200: Service },
    problems: [],
  },
  register: {
    ...routes.register,
    tag: 'Identity',
    summary: 'Become somebody, and be signed in',
    open: true,
    body: identity.Registration,
    success: { 201: identity.Session },
    problems: ['email-taken', 'username-taken', 'too-many-requests'],
  },
  login: {
    ...routes.login,
    tag: 'Identity',
    summary: 'Sign in with an e-mail or a username',
    description: 'The member `login` may also be spelt `email` or `username`. An unknown login and a wrong password get the same answer.',
    open: true,
    body: identity.Login,
    success: { 200: identity.Session },
    problems: ['bad-credentials', 'too-many-requests'],
  },
  issueToken: {
    ...routes.issueToken,
    tag: 'Identity',
    summary: 'Sign in, or go on, by an OAuth 2 form',
    description: 'For the Authorize button of these pages and for clients that speak RFC 6749.',
    open: true,
    form: identity.TokenForm,
    success: { 200: identity.Token },
    failure: { 400: identity.TokenError },
    problems: ['too-many-requests'],
  },
  refresh: {
    ...routes.refresh,
    tag: 'Identity',
    summary: 'Go on with a session',
    description:
      'The refresh token is spent and a new one answered. For 10 s a spent one gives the same successor; later it ends the session.',
    open: true,
    body: identity.Refresh,
    success: { 200: identity.Session },
    problems: ['unauthenticated', 'token-expired', 'session-ended', 'too-many-requests'],
  },
  logout: {
    ...routes.logout,
    tag: 'Identity',
    summary: 'End this session and its sockets',
    success: { 204: null },
    problems: [],
  },
  changePassword: {
    ...routes.changePassword,
    tag: 'Identity',
    summary: 'Set another password, and end all other sessions',
    body: identity.PasswordChange,
    success: { 204: null },
    problems: ['bad-credentials'],
  },
  listSessions: {
    ...routes.listSessions,
    tag: 'Identity',
    summary: 'Where one is signed in',
    query: PageQuery,
    success: { 200: identity.SessionPage },
    problems: [],
  },
  endSession: {
    ...routes.endSession,
    tag: 'Identity',
    summary: 'Sign out another device, at once',
    params: { session_id: sessionInPath },
    success: { 204: null },
    problems: ['session-not-found'],
  },
  createGuest: {
    ...routes.createGuest,
    tag: 'Identity',
    summary: 'Come in as a guest',
    description: 'Only where the service is a demonstration.',
    open: true,
    body: identity.Guest,
    success: { 201: identity.Session },
    problems: ['not-found', 'too-many-requests'],
  },
} as const satisfies Record<string, Endpoint>
