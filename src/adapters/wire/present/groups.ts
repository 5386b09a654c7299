import type { BanView } from '../../../application/ports/bans.ts'
import type { RequestView } from '../../../application/ports/requests.ts'
import type { Invitation as DomainInvitation } from '../../../domain/invitation.ts'
import type { Ban, Invitation, JoinRequest } from '../schemas/groups.ts'
import { presentUser } from './people.ts'
import { presentTime, timeOrNull } from './time.ts'

export const presentBan = ({ person, until, reason, at, byId }: BanView): Ban => ({
  user: presentUser(person),
  until: timeOrNull(until),
  reason: reason ?? null,
  banned_at: presentTime(at),
  banned_by: byId,
})

export const presentInvitation = ({
  id,
  createdAt,
  createdBy,
  expiresAt,
  uses,
  used,
  needsApproval = false,
}: DomainInvitation): Invitation => ({
  id,
  created_at: presentTime(createdAt),
  created_by: createdBy,
  expires_at: presentTime(expiresAt),
  uses: uses ?? null,
  used,
  approval: needsApproval,
})

export const presentRequest = ({ person, at, invitationId }: RequestView): JoinRequest => ({
  user: presentUser(person),
  requested_at: presentTime(at),
  invitation_id: invitationId,
})
