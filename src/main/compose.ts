import { guarded } from '../application/access.ts'
import type { ChatApi } from '../application/chat-api.ts'
import { chatCalls } from '../application/chats/calls.ts'
import { consentCalls } from '../application/consent/blocks.ts'
import { expireTexts } from '../application/expiring.ts'
import { fair } from '../application/fairness.ts'
import { hookCalls } from '../application/hooks/hooks.ts'
import { type Activity, activity } from '../application/identity/activity.ts'
import { type Admission, admission } from '../application/identity/admit.ts'
import { authenticate } from '../application/identity/authenticate.ts'
import { endSession } from '../application/identity/end-session.ts'
import { endSessions } from '../application/identity/end-sessions.ts'
import { externalUsers } from '../application/identity/external.ts'
import { findUsers } from '../application/identity/find-users.ts'
import { finishErasures } from '../application/identity/finish-erasure.ts'
import { forgetGuests } from '../application/identity/forget-guests.ts'
import { getMe } from '../application/identity/get-me.ts'
import { getUser } from '../application/identity/get-user.ts'
import { listSessions } from '../application/identity/list-sessions.ts'
import { liveSessions } from '../application/identity/live-sessions.ts'
import { logout } from '../application/identity/logout.ts'
import { mailing } from '../application/identity/mailing.ts'
import type { Policy } from '../application/identity/policy.ts'
import { refresh } from '../application/identity/refresh.ts'
import { toldPeople } from '../application/identity/told-people.ts'
import { type ImportHistory, importHistory } from '../application/importing/history.ts'
import { inletCalls } from '../application/inlets/inlets.ts'
import { journaled } from '../application/journal.ts'
import { limited } from '../application/limits.ts'
import type { DetachedLimits } from '../application/live/detached.ts'
import { type Hub, hub } from '../application/live/hub.ts'
import type { MissedLimits } from '../application/live/resume.ts'
import { addReaction } from '../application/messages/add-reaction.ts'
import { deleteMessage } from '../application/messages/delete-message.ts'
import { editMessage } from '../application/messages/edit-message.ts'
import { getMessage } from '../application/messages/get-message.ts'
import { listEvents } from '../application/messages/list-events.ts'
import { listMentions } from '../application/messages/list-mentions.ts'
import { listMessages } from '../application/messages/list-messages.ts'
import { listPins } from '../application/messages/list-pins.ts'
import { listReactions } from '../application/messages/list-reactions.ts'
import { listReaders } from '../application/messages/list-readers.ts'
import { markRead } from '../application/messages/mark-read.ts'
import { pinMessage, unpinMessage } from '../application/messages/pin-message.ts'
import { type Combiner, combiner } from '../application/messages/reacting.ts'
import { removeReaction } from '../application/messages/remove-reaction.ts'
import { searchMessages } from '../application/messages/search-messages.ts'
import { sendMessage } from '../application/messages/send-message.ts'
import { sendMessageToUser } from '../application/messages/send-message-to-user.ts'
import { noticeCalls } from '../application/notices/notices.ts'
import { pushing } from '../application/notices/pushing.ts'
import type { ChatLog, OnCommit } from '../application/ports/log.ts'
import type { Ports } from '../application/ports/ports.ts'
import { unwatched } from '../application/ports/watch.ts'
import type { OpenWithin } from '../application/ports/within.ts'
import { type Following, following } from '../application/relay/following.ts'
import { type Relay, relay } from '../application/relay/relay.ts'
import { scoped } from '../application/scopes.ts'
import { backEndCalls } from '../application/service/calls.ts'
import { accountCalls, accountChores, staffCalls, tellingOfSignIns } from './accounts.ts'
import { fileCalls, fileChores } from './file-calls.ts'

/** The ports that are given. The log is made later, with a receiver for its commits. */
export type OutboundPorts = Omit<Ports, 'log'> & {
  readonly log: (onCommit: OnCommit) => ChatLog
  /** Undefined for a store that no transaction of a host's can include. */
  readonly within?: OpenWithin | undefined
}

/** The assembled application: its API, its live connections and its periodic tasks. */
export interface Application extends Admission {
  readonly api: ChatApi
  readonly hub: Hub
  readonly relay: Relay
  readonly follow: Following['follow']
  readonly unfollow: Following['unfollow']
  /** Closes notifications whose messages were read elsewhere. */
  clearNotifications(): Promise<void>
  readonly activity: Activity
  /** Commits gathered reactions, and gathers none from now on. Call it when the process begins to drain. */
  flush(): void
  /** Finishes erasures that a call or an earlier process has begun. */
  finishLeftovers(): Promise<void>
  /** Deletes guests whom nobody has used for long and returns how many. */
  forgetGuests(): Promise<number>
  /** Lets go of files, uploads and bytes that nobody needs, and returns how many. */
  collectFiles(): Promise<number>
  /** Finds bytes and files that nothing has told of, and returns how many. */
  sweepFiles(): Promise<number>
  /** Deletes texts that are older than they may be and returns how many. */
  expireTexts(): Promise<number>
  /** Deletes sessions that ended long ago and returns how many. */
  forgetSessions(): Promise<number>
  /** Deletes codes, counters, networks and rows of the audit whose time is over. */
  forgetAccounts(): Promise<void>
  /** Seals secrets of second factors with the present secret of the service and returns how many were sealed with another. */
  resealFactors(): Promise<number>
  /**
   * Adds users, groups and messages of another system, with their times and authors; may be repeated, and goes on where it was
   * interrupted. See docs/guides/import.md.
   */
  readonly importHistory: ImportHistory
  /** Mails users who want it what they have missed, and returns how many. */
  sendDigests(): Promise<number>
  /** Sends the mails that are due. */
  deliverMails(): Promise<void>
}

const KEPT_AFTER_END = 30 * 86_400_000

/** What is found and read of messages, reactions and pins. */
const aboutMessages = (ports: Ports, reactions: Combiner) => ({
  searchMessages: searchMessages(ports),
  listMentions: listMentions(ports),
  getMessage: getMessage(ports),
  listReaders: listReaders(ports),
  listEvents: listEvents(ports),
  addReaction: addReaction(reactions),
  removeReaction: removeReaction(reactions),
  listReactions: listReactions(ports),
  pinMessage: pinMessage(ports),
  unpinMessage: unpinMessage(ports),
  listPins: listPins(ports),
})

/** Other bounds than the usual ones. */
export interface LiveLimits {
  readonly missed?: MissedLimits | undefined
  readonly detached?: DetachedLimits | undefined
}

/** Makes the API from the ports: the only place where use cases receive what they need. */
export function compose(outbound: OutboundPorts, policy: Policy, { missed, detached }: LiveLimits = {}): Application {
  const log = outbound.log((events) => {
    for (const each of [clients, programs]) each.committed(events)
  })
  const ports: Ports = { ...outbound, log, people: toldPeople(outbound.people, (userIds) => clients.profiled(userIds)) }
  const { programs, ...followed } = programsOf(ports)
  const clients = hub({ ...ports, relayed: programs.receive }, missed, detached)
  const live = liveSessions(ports)
  const mails = mailing(ports)
  const end = endSessions({ ...ports, live, disconnect: clients.ended })
  const telling = { noticed: clients.noticed, withdrawn: clients.withdrawn, onNewNetwork: tellingOfSignIns(clients, mails) }
  const needs = { ...ports, ...telling, policy, end }
  const owning = { ...ports, owned: clients.owned, appeared: clients.appeared }
  const externals = externalUsers(ports)
  const reactions = combiner(ports)

  const api: ChatApi = {
    ...accountCalls(needs, mails),
    ...staffCalls({ ...ports, end, live, disconnect: clients.ended }),
    refresh: refresh(needs),
    authenticate: authenticate({ ...ports, live, externals }),
    logout: logout(ports, end),
    listSessions: listSessions(ports),
    endSession: endSession(ports, end),
    getMe: getMe(ports),
    findUsers: findUsers(ports, policy),
    getUser: getUser(ports),
    ...chatCalls(owning),
    ...consentCalls({ ...ports, parted: clients.parted }),
    sendMessage: sendMessage(ports),
    sendMessageToUser: sendMessageToUser(ports),
    listMessages: listMessages(ports),
    editMessage: editMessage(ports),
    deleteMessage: deleteMessage(ports),
    markRead: markRead(owning, clients.marked),
    ...aboutMessages(ports, reactions),
    ...backEndCalls(ports, end, live),
    ...fileCalls(ports),
    ...programCalls({ ...ports, changed: programs.changed, tell: clients.noticed }),
    epoch: () => ports.chats.epoch(),
  }

  return {
    api: journaled(guarded(scoped(limited(fair(api), ports.limiter))), ports.journal, ports.clock),
    hub: clients,
    relay: programs,
    ...followed,
    flush: reactions.flush,
    activity: activity(ports),
    ...admission({ ...ports, externals, live, poll: clients.poll }),
    finishLeftovers: finishErasures(ports, end),
    forgetGuests: forgetGuests(needs, end),
    ...fileChores(ports),
    expireTexts: expireTexts(ports, policy.messageTtl),
    forgetSessions: () => ports.sessions.forget(ports.clock() - KEPT_AFTER_END),
    importHistory: importHistory(ports),
    ...accountChores(ports, mails),
  }
}

/** The relay, and what it delivers to besides webhooks: functions of this process, and devices. */
function programsOf(ports: Ports) {
  const watch = { ...unwatched, ...ports.watch }
  const { follow, unfollow, sinkOf } = following({ ...ports, ...watch, changed: () => programs.changed() })
  const pushes = pushing(ports)
  const sinks: Ports['sinks'] = (consumer) => (consumer.kind === 'push' ? pushes.sink : (sinkOf(consumer) ?? ports.sinks(consumer)))
  const programs = relay({ ...ports, ...watch, sinks })
  return { programs, follow, unfollow, clearNotifications: pushes.clear }
}

/** The calls about programs and devices that receive events, and programs that post. */
const programCalls = (needs: Parameters<typeof noticeCalls>[0] & Parameters<typeof hookCalls>[0] & Parameters<typeof inletCalls>[0]) => ({
  ...hookCalls(needs),
  ...noticeCalls(needs),
  ...inletCalls(needs),
})
