import type { Anonymous, Caller, ChatApi, SignedIn } from '../../../application/chat-api.ts'
import { isRefusal, type RefusalCode } from '../../../domain/refusal.ts'
import type { AnswerOf, Handlers } from '../../wire/handlers.ts'
import { presentPage } from '../../wire/present/pages.ts'
import { presentSession, presentSignedIn, presentToken } from '../../wire/present/people.ts'
import { windowOf } from '../../wire/windows.ts'

export const identity = (api: ChatApi) =>
  ({
    async register(anonymous, { body: { device_name: deviceName, ...rest } }) {
      return { status: 201, body: presentSignedIn(await api.register(anonymous, { ...rest, deviceName })) }
    },
    async login(anonymous, { body: { device_name: deviceName, second_factor: secondFactor, ...rest } }) {
      return { status: 200, body: presentSignedIn(await api.login(anonymous, { ...rest, secondFactor, deviceName })) }
    },
    issueToken: (anonymous, { body }) => issueToken(api, anonymous, body),
    async refresh(anonymous, { body }) {
      return { status: 200, body: presentSignedIn(await api.refresh(anonymous, { refreshToken: body.refresh_token })) }
    },
    async createGuest(anonymous, { body }) {
      return { status: 201, body: presentSignedIn(await api.createGuest(anonymous, body)) }
    },
    async logout(caller) {
      await api.logout(caller)
      return { status: 204 }
    },
    async changePassword(caller, { body }) {
      await api.changePassword(caller, { currentPassword: body.current_password, newPassword: body.new_password })
      return { status: 204 }
    },
    async listSessions(caller, { query }) {
      const sessions = await api.listSessions(caller)
      const { from, limit, count } = windowOf('listSessions', {}, query)
      // Ids grow with time, so that a session which has ended since still says where its page began.
      const start = from === undefined ? 0 : sessions.filter(({ id }) => id >= from.id).length
      const items = sessions.slice(start, start + limit)
      const next = start + limit < sessions.length ? { id: items.at(-1)!.id } : undefined
      const page = { items, next, prev: undefined, total: count ? sessions.length : undefined }
      return { status: 200, body: presentPage(page, { list: 'listSessions', filters: {} }, (session) => presentSession(session, caller)) }
    },
    async endSession(caller, { params }) {
      await api.endSession(caller, params.session_id)
      return { status: 204 }
    },
  }) satisfies Partial<Handlers<Anonymous, Caller>>

type TokenAnswer = AnswerOf<'issueToken'>
type Form = Parameters<Handlers<Anonymous, Caller>['issueToken']>[1]['body']

/** RFC 6749 §4.3 and §6. What a wrong password or token is called there has nothing to do with problem codes; limits keep theirs. */
async function issueToken(api: ChatApi, anonymous: Anonymous, form: Form): Promise<TokenAnswer> {
  const { grant_type: grant = 'password', username, password, refresh_token: refreshToken, second_factor: secondFactor } = form
  if (grant === 'password') {
    if (username === undefined || password === undefined) return failed('invalid_request', 'username and password are required')
    return granted(() => api.login(anonymous, { login: username, password, secondFactor }))
  }
  if (grant === 'refresh_token') {
    if (refreshToken === undefined) return failed('invalid_request', 'refresh_token is required')
    return granted(() => api.refresh(anonymous, { refreshToken }))
  }
  return failed('unsupported_grant_type', 'grant_type is password or refresh_token')
}

const wrongGrants: readonly RefusalCode[] = [
  'bad-credentials',
  'second-factor',
  'bad-code',
  'person-disabled',
  'unauthenticated',
  'token-expired',
  'session-ended',
]

async function granted(signIn: () => Promise<SignedIn>): Promise<TokenAnswer> {
  try {
    return { status: 200, body: presentToken(await signIn()) }
  } catch (thrown) {
    if (isRefusal(thrown) && wrongGrants.includes(thrown.code)) return failed('invalid_grant', 'these do not let anybody in')
    throw thrown
  }
}

type TokenError = Extract<TokenAnswer, { status: 400 }>['body']
const failed = (error: TokenError['error'], error_description: string) => ({ status: 400, body: { error, error_description } }) as const
