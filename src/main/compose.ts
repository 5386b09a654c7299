import { guarded } from '../application/access.ts'
import type { ChatApi } from '../application/chat-api.ts'
import { addMembers, changeRole, deleteChat, removeMembers, renameChat } from '../application/chats/manage-group.ts'
import { createGroup, openPrivateChat } from '../application/chats/open-chat.ts'
import { getChat, listChats, listMembers } from '../application/chats/read-chats.ts'
import {
  changePassword,
  deleteMe,
  type EndSessions,
  endSession,
  finishErasure,
  getMe,
  listSessions,
  logout,
  updateMe,
} from '../application/identity/account.ts'
import { type Activity, activity } from '../application/identity/activity.ts'
import { findUsers, getUser } from '../application/identity/find-people.ts'
import { liveSessions } from '../application/identity/live-sessions.ts'
import { authenticate, createGuest, login, type Policy, refresh, register } from '../application/identity/sign-in.ts'
import { limited } from '../application/limits.ts'
import { type Hub, hub } from '../application/live/hub.ts'
import type { MissedLimits } from '../application/live/resume.ts'
import { deleteMessage, editMessage, getMessage } from '../application/messages/change-message.ts'
import { listEvents, listMessages, listReaders, markRead, searchMessages } from '../application/messages/read-messages.ts'
import { sendMessage, sendMessageToUser } from '../application/messages/send-message.ts'
import type { Announce, ChatLog } from '../application/ports/log.ts'
import type { Ports } from '../application/ports/ports.ts'
import type { SessionId, UserId } from '../domain/ids.ts'

/** The ports as they come from outside: a log is made when there is somebody to hear of its commits. */
export type OutboundPorts = Omit<Ports, 'log'> & { readonly log: (announce: Announce) => ChatLog }

/** The application, wired: what drives it, whom it tells, and what is to be done now and then. */
export interface Application {
  readonly api: ChatApi
  readonly hub: Hub
  readonly activity: Activity
  /** Finishes what an earlier process had begun and could not end; to be called once at start. */
  finishLeftovers(): Promise<void>
  /** Forgets sessions that are long over. Answers how many. */
  forgetSessions(): Promise<number>
}

const KEPT_AFTER_END = 30 * 86_400_000

/** From ports to the API: the only place where use cases are given what they need. */
export function compose(outbound: OutboundPorts, policy: Policy, missed?: MissedLimits): Application {
  const log = outbound.log((events) => clients.committed(events))
  const ports: Ports = { ...outbound, log }
  const clients = hub(ports, missed)
  const live = liveSessions(ports)
  const needs = { ...ports, policy }

  const end: EndSessions = async (userId, ids, why = 'ended') => {
    if (ids.length === 0) return
    await ports.sessions.end(userId, ids, ports.clock())
    live.forget(ids)
    clients.ended(userId, ids, why)
  }
  const stolen = (userId: UserId, ids: readonly SessionId[]) => end(userId, ids)

  const api: ChatApi = {
    register: register(needs),
    createGuest: createGuest(needs),
    login: login(needs),
    refresh: refresh(needs, stolen),
    authenticate: authenticate(ports, live),
    logout: logout(end),
    changePassword: changePassword(ports, end),
    listSessions: listSessions(ports),
    endSession: endSession(ports, end),
    getMe: getMe(ports),
    updateMe: updateMe(ports),
    deleteMe: deleteMe(ports, end),
    findUsers: findUsers(ports, policy),
    getUser: getUser(ports),
    openPrivateChat: openPrivateChat(ports),
    createGroup: createGroup(ports),
    listChats: listChats(ports),
    getChat: getChat(ports),
    renameChat: renameChat(ports),
    deleteChat: deleteChat(ports),
    listMembers: listMembers(ports),
    addMembers: addMembers(ports),
    changeRole: changeRole(ports),
    removeMembers: removeMembers(ports),
    sendMessage: sendMessage(ports),
    sendMessageToUser: sendMessageToUser(ports),
    listMessages: listMessages(ports),
    searchMessages: searchMessages(ports),
    getMessage: getMessage(ports),
    editMessage: editMessage(ports),
    deleteMessage: deleteMessage(ports),
    markRead: markRead(ports, (caller, marked) => clients.marked(caller, marked)),
    listReaders: listReaders(ports),
    listEvents: listEvents(ports),
    epoch: () => ports.chats.epoch(),
  }

  return {
    api: guarded(limited(api, ports.limiter)),
    hub: clients,
    activity: activity(ports),
    async finishLeftovers() {
      for (const userId of await ports.people.erasing()) {
        const sessions = await ports.sessions.list(userId, ports.clock())
        await end(
          userId,
          sessions.map(({ id }) => id),
          'deleted',
        )
        await finishErasure(ports, userId)
      }
    },
    forgetSessions: () => ports.sessions.forget(ports.clock() - KEPT_AFTER_END),
  }
}
