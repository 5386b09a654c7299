import { groupRoutes as routes } from '../routes/order.ts'
import * as chats from '../schemas/chats.ts'
import { chatInPath, memberInPath, PageQuery, userInPath } from '../schemas/common.ts'
import * as groups from '../schemas/groups.ts'
import { type Endpoint, inChat } from './endpoint.ts'

const aboutUser = { chat_id: chatInPath, user_id: userInPath }
const refusals = ['chat-not-found', 'not-a-group', 'not-allowed'] as const

export const groupEndpoints = {
  muteMember: {
    ...routes.muteMember,
    tag: 'Chats',
    summary: 'Mute a member: no messages until then',
    description: 'Owner and admins cannot be muted. What the member sends is refused with `muted`.',
    params: aboutUser,
    body: groups.Muting,
    success: { 204: null },
    problems: [...refusals, 'user-not-found'],
  },
  unmuteMember: {
    ...routes.unmuteMember,
    tag: 'Chats',
    summary: 'Let a muted member write again',
    params: aboutUser,
    success: { 204: null },
    problems: [...refusals, 'user-not-found'],
  },
  banUser: {
    ...routes.banUser,
    tag: 'Chats',
    summary: 'Ban a user from a group',
    description:
      'Removes the user if they are a member. Until the ban ends, every way in is refused with `banned`: being added, an invitation, a back end. The owner cannot be banned, an admin by the owner only.',
    params: aboutUser,
    body: groups.Banning,
    success: { 204: null },
    problems: [...refusals, 'user-not-found'],
  },
  unbanUser: {
    ...routes.unbanUser,
    tag: 'Chats',
    summary: 'Lift a ban',
    params: aboutUser,
    success: { 204: null },
    problems: refusals,
  },
  listBans: {
    ...routes.listBans,
    tag: 'Chats',
    summary: 'List the bans of a group, newest first',
    params: inChat,
    query: PageQuery,
    success: { 200: groups.BanPage },
    problems: refusals,
  },
  createInvitation: {
    ...routes.createInvitation,
    tag: 'Chats',
    summary: 'Create an invitation to a group',
    description:
      'For roles that the rule `invite` names. The invitation is good until it expires, is used up or deleted, or its maker may no longer invite.',
    params: inChat,
    body: groups.NewInvitation,
    success: { 201: groups.InvitationWithCode },
    problems: [...refusals, 'invitations-full'],
  },
  listInvitations: {
    ...routes.listInvitations,
    tag: 'Chats',
    summary: 'List the invitations of a group, oldest first',
    description: 'Owner and admins see all of them, other members who may invite see their own.',
    params: inChat,
    query: PageQuery,
    success: { 200: groups.InvitationPage },
    problems: refusals,
  },
  deleteInvitation: {
    ...routes.deleteInvitation,
    tag: 'Chats',
    summary: 'Revoke an invitation; those who came by it stay',
    params: { chat_id: chatInPath, invitation_id: groups.invitationInPath },
    success: { 204: null },
    problems: [...refusals, 'invitation-not-found'],
  },
  joinChat: {
    ...routes.joinChat,
    tag: 'Chats',
    summary: 'Join a group by an invitation',
    description: 'Answers a member with the group and counts nothing: the call can be repeated.',
    body: groups.Joining,
    success: { 200: chats.Chat },
    problems: ['invitation-not-found', 'must-ask', 'banned', 'group-full', 'refused'],
  },
  askToJoin: {
    ...routes.askToJoin,
    tag: 'Chats',
    summary: 'Ask to be let into the group of an invitation',
    description: 'The owner and admins accept or decline. Asking again changes nothing.',
    body: groups.Joining,
    success: { 200: groups.Asked },
    problems: ['invitation-not-found', 'banned', 'requests-full', 'refused'],
  },
  listRequests: {
    ...routes.listRequests,
    tag: 'Chats',
    summary: 'List who asks to be let in, oldest first',
    params: inChat,
    query: PageQuery,
    success: { 200: groups.JoinRequestPage },
    problems: refusals,
  },
  acceptRequest: {
    ...routes.acceptRequest,
    tag: 'Chats',
    summary: 'Let in a user who has asked',
    description: 'For a member nothing changes.',
    params: aboutUser,
    success: { 204: null },
    problems: [...refusals, 'request-not-found', 'banned', 'group-full'],
  },
  declineRequest: {
    ...routes.declineRequest,
    tag: 'Chats',
    summary: 'Decline a request to join, or take back your own',
    description: 'With your own id, or `me`, you take back yours. Again, nothing changes.',
    params: { chat_id: chatInPath, user_id: memberInPath },
    success: { 204: null },
    problems: refusals,
  },
} as const satisfies Record<keyof typeof routes, Endpoint>
