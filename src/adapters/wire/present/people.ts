import type { Caller, Profile, SignedIn } from '../../../application/chat-api.ts'
import { fileOfAvatar } from '../../../domain/avatar.ts'
import type { Privacy } from '../../../domain/consent.ts'
import type { Factor as SecondFactor } from '../../../domain/factor.ts'
import { type Session as DeviceSession, type Person, type User as Self, toMinute } from '../../../domain/identity.ts'
import type { Duration } from '../../../domain/ids.ts'
import type { MyPrivacy } from '../schemas/consent.ts'
import type { Factor, Session, SessionEntry, Token } from '../schemas/identity.ts'
import type { Me, MyProfile, User } from '../schemas/people.ts'
import { presentMyNotices } from './notices.ts'
import { presentTime } from './time.ts'

const seconds = (length: Duration): number => Math.floor(length / 1_000)

export const presentUser = ({ id, username, name, kind, avatarUrl, lastSeenAt, isBlocked }: Person): User => ({
  id,
  username: username ?? null,
  name: name ?? null,
  kind,
  avatar_url: fileOfAvatar(avatarUrl) ? null : (avatarUrl ?? null),
  avatar: fileOfAvatar(avatarUrl) ?? null,
  last_seen_at: lastSeenAt === undefined ? null : presentTime(toMinute(lastSeenAt)),
  ...(isBlocked && { blocked: true }),
})

export const presentMe = (user: Self): Me => ({
  ...presentUser(user),
  email: user.email ?? user.emailPending ?? null,
  email_verified: user.email !== undefined,
  is_admin: user.isAdmin,
  external_id: user.externalId ?? null,
  created_at: presentTime(user.createdAt),
})

export const presentToken = (signedIn: SignedIn): Token => ({
  access_token: signedIn.accessToken,
  token_type: 'bearer',
  expires_in: seconds(signedIn.expiresIn),
  refresh_token: signedIn.refreshToken,
  refresh_expires_in: seconds(signedIn.refreshExpiresIn),
})

export const presentSignedIn = (signedIn: SignedIn): Session => ({
  user: presentMe(signedIn.user),
  session_id: signedIn.sessionId,
  ...presentToken(signedIn),
})

export const presentSession = (session: DeviceSession, caller: Caller): SessionEntry => ({
  id: session.id,
  device_name: session.deviceName ?? null,
  created_at: presentTime(session.createdAt),
  last_used_at: presentTime(session.lastUsedAt),
  current: session.id === caller.sessionId,
})

export const presentProfile = (profile: Profile): MyProfile => ({
  ...presentMe(profile),
  notices: presentMyNotices(profile.notices),
  privacy: presentPrivacy(profile.privacy),
})

const presentPrivacy = ({ write, add, lastSeen }: Privacy): MyPrivacy => ({ write, add, last_seen: lastSeen })

/** A recovery code is not shown: it has no entry in the list. */
export const presentFactor = ({ id, kind, name, createdAt, lastUsedAt }: SecondFactor): Factor | undefined =>
  kind === 'recovery'
    ? undefined
    : { id, kind, name, created_at: presentTime(createdAt), last_used_at: lastUsedAt === undefined ? null : presentTime(lastUsedAt) }
