import { routes } from '../routes.ts'
import { PageQuery, sessionInPath } from '../schemas/common.ts'
import * as identity from '../schemas/identity.ts'
import { Service } from '../schemas/service.ts'
import type { Endpoint } from './endpoint.ts'

export const identityEndpoints = {
  getService: {
    ...routes.getService,
    tag: 'Service',
    summary: 'Name, version and limits',
    open: true,
    success: { 200: Service },
    problems: [],
  },
  register: {
    ...routes.register,
    tag: 'Identity',
    summary: 'Register and sign in',
    open: true,
    body: identity.Registration,
    success: { 201: identity.Session },
    problems: ['email-taken', 'username-taken', 'too-many-requests'],
  },
  login: {
    ...routes.login,
    tag: 'Identity',
    summary: 'Sign in with an email or a username',
    description: 'The member `login` may also be named `email` or `username`. An unknown login and a wrong password get the same answer.',
    open: true,
    body: identity.Login,
    success: { 200: identity.Session },
    problems: ['bad-credentials', 'second-factor', 'bad-code', 'person-disabled', 'too-many-requests'],
  },
  issueToken: {
    ...routes.issueToken,
    tag: 'Identity',
    summary: 'Sign in or refresh with an OAuth 2 form',
    description: 'For the Authorize button of these pages and for clients of RFC 6749.',
    open: true,
    form: identity.TokenForm,
    success: { 200: identity.Token },
    failure: { 400: identity.TokenError },
    problems: ['too-many-requests'],
  },
  refresh: {
    ...routes.refresh,
    tag: 'Identity',
    summary: 'Refresh the session',
    description:
      'The answer has a new refresh token; the old one is spent. For 10 s a spent token gets the same successor; later it ends the session.',
    open: true,
    body: identity.Refresh,
    success: { 200: identity.Session },
    problems: ['unauthenticated', 'token-expired', 'session-ended', 'too-many-requests'],
  },
  logout: {
    ...routes.logout,
    tag: 'Identity',
    summary: 'Sign out: end this session and its sockets',
    success: { 204: null },
    problems: [],
  },
  changePassword: {
    ...routes.changePassword,
    tag: 'Identity',
    summary: 'Change your password and end all other sessions',
    body: identity.PasswordChange,
    success: { 204: null },
    problems: ['bad-credentials'],
  },
  listSessions: {
    ...routes.listSessions,
    tag: 'Identity',
    summary: 'List your devices',
    query: PageQuery,
    success: { 200: identity.SessionPage },
    problems: [],
  },
  endSession: {
    ...routes.endSession,
    tag: 'Identity',
    summary: 'Sign out a device immediately',
    params: { session_id: sessionInPath },
    success: { 204: null },
    problems: ['session-not-found'],
  },
  createGuest: {
    ...routes.createGuest,
    tag: 'Identity',
    summary: 'Sign in as a guest',
    description: 'Only if the service runs as a demo.',
    open: true,
    body: identity.Guest,
    success: { 201: identity.Session },
    problems: ['not-found', 'too-many-requests'],
  },
} as const satisfies Record<string, Endpoint>
