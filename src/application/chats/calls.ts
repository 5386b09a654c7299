import type { Ports } from '../ports/ports.ts'
import { addMembers } from './add-members.ts'
import { banUser, listBans, unbanUser } from './ban-user.ts'
import { changeRole } from './change-role.ts'
import { createGroup } from './create-group.ts'
import { deleteChat } from './delete-chat.ts'
import { getChat } from './get-chat.ts'
import { createInvitation, deleteInvitation, joinChat, listInvitations } from './invitations.ts'
import { listChats } from './list-chats.ts'
import { listMembers } from './list-members.ts'
import { muteMember, unmuteMember } from './mute-member.ts'
import { type OpeningNeeds, openPrivateChat } from './open-private-chat.ts'
import { removeMembers } from './remove-members.ts'
import { renameChat } from './rename-chat.ts'
import { acceptRequest, askToJoin, declineRequest, listRequests } from './requests.ts'
import { type OwnNeeds, updateMyChat } from './update-my-chat.ts'

/** Calls about chats and their members, with what they need. */
export const chatCalls = (needs: Ports & OwnNeeds & OpeningNeeds) => ({
  openPrivateChat: openPrivateChat(needs),
  createGroup: createGroup(needs),
  listChats: listChats(needs),
  getChat: getChat(needs),
  updateMyChat: updateMyChat(needs),
  renameChat: renameChat(needs),
  deleteChat: deleteChat(needs),
  listMembers: listMembers(needs),
  addMembers: addMembers(needs),
  changeRole: changeRole(needs),
  removeMembers: removeMembers(needs),
  muteMember: muteMember(needs),
  unmuteMember: unmuteMember(needs),
  banUser: banUser(needs),
  unbanUser: unbanUser(needs),
  listBans: listBans(needs),
  createInvitation: createInvitation(needs),
  listInvitations: listInvitations(needs),
  deleteInvitation: deleteInvitation(needs),
  joinChat: joinChat(needs),
  askToJoin: askToJoin(needs),
  listRequests: listRequests(needs),
  acceptRequest: acceptRequest(needs),
  declineRequest: declineRequest(needs),
})
