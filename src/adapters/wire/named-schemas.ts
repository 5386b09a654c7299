import { clientFrames, Nothing, Position, serverFrames } from './frames.ts'
import type { Named } from './json-schema.ts'
import * as admin from './schemas/admin.ts'
import * as backends from './schemas/backends.ts'
import * as chats from './schemas/chats.ts'
import * as consent from './schemas/consent.ts'
import * as events from './schemas/events.ts'
import * as files from './schemas/files.ts'
import * as groups from './schemas/groups.ts'
import * as hooks from './schemas/hooks.ts'
import * as identity from './schemas/identity.ts'
import * as inlets from './schemas/inlets.ts'
import * as messages from './schemas/messages.ts'
import * as notices from './schemas/notices.ts'
import * as people from './schemas/people.ts'
import * as reactions from './schemas/reactions.ts'
import { LimitTable, Problem, Service } from './schemas/service.ts'

/** Bodies of requests, by their names in the documents. */
export const bodies: Named = {
  Registration: identity.Registration,
  Login: identity.Login,
  TokenForm: identity.TokenForm,
  Refresh: identity.Refresh,
  PasswordChange: identity.PasswordChange,
  Guest: identity.Guest,
  Deletion: identity.Deletion,
  MeChange: identity.MeChange,
  AccountChange: admin.AccountChange,
  EmailCode: identity.EmailCode,
  Recovery: identity.Recovery,
  PasswordReset: identity.PasswordReset,
  NewTotp: identity.NewTotp,
  TotpCode: identity.TotpCode,
  Confirmation: identity.Confirmation,
  NewPasskey: identity.NewPasskey,
  PasskeySignIn: identity.PasskeySignIn,
  NewChat: chats.NewChat,
  MyChatChange: chats.MyChatChange,
  ChatChange: chats.ChatChange,
  Additions: chats.Additions,
  RoleChange: chats.RoleChange,
  NewMessage: messages.NewMessage,
  MessageChange: messages.MessageChange,
  ReadMark: messages.ReadMark,
  Upgrade: identity.Upgrade,
  UsersWanted: backends.UsersWanted,
  ChatsWanted: backends.ChatsWanted,
  NewKey: backends.NewKey,
  FileIds: files.FileIds,
  NewHook: hooks.NewHook,
  HookChange: hooks.HookChange,
  HookReplay: hooks.HookReplay,
  HookSkip: hooks.HookSkip,
  NewReport: consent.NewReport,
  Resolution: consent.Resolution,
  Muting: groups.Muting,
  Banning: groups.Banning,
  NewInvitation: groups.NewInvitation,
  Joining: groups.Joining,
  NewInlet: inlets.NewInlet,
  InletMessage: inlets.InletMessage,
  ChatNoticesChange: notices.ChatNoticesChange,
  NewPushDevice: notices.NewPushDevice,
}

/** Parts of both HTTP answers and frames. */
export const shared: Named = {
  Problem,
  Limits: LimitTable,
  User: people.User,
  File: files.File,
  Mention: messages.Mention,
  Attachment: messages.Attachment,
  Reaction: messages.Reaction,
  MyChat: chats.MyChat,
  Message: messages.Message,
  Reading: messages.Reading,
  Event: events.Event,
}

/** Bodies of HTTP answers. */
export const replies: Named = {
  ...shared,
  Service,
  Token: identity.Token,
  TokenError: identity.TokenError,
  Session: identity.Session,
  SessionEntry: identity.SessionEntry,
  SessionPage: identity.SessionPage,
  Account: admin.Account,
  AccountPage: admin.AccountPage,
  OneTimeCode: admin.OneTimeCode,
  InspectedChat: admin.InspectedChat,
  Deed: admin.Deed,
  DeedPage: admin.DeedPage,
  Factor: identity.Factor,
  FactorList: identity.FactorList,
  TotpSecret: identity.TotpSecret,
  FactorAdded: identity.FactorAdded,
  RecoveryCodes: identity.RecoveryCodes,
  PasskeyOptions: identity.PasskeyOptions,
  Me: people.Me,
  UserPage: people.UserPage,
  Chat: chats.Chat,
  ChatPage: chats.ChatPage,
  Member: chats.Member,
  MemberPage: chats.MemberPage,
  Added: chats.Added,
  Removed: chats.Removed,
  MessagePage: messages.MessagePage,
  MessageReader: messages.MessageReader,
  ReaderPage: messages.ReaderPage,
  Reacted: reactions.Reacted,
  Reactor: reactions.Reactor,
  ReactorPage: reactions.ReactorPage,
  Pin: reactions.Pin,
  PinList: reactions.PinList,
  EventPage: events.EventPage,
  Upgraded: identity.Upgraded,
  UsersProvisioned: backends.UsersProvisioned,
  ChatsProvisioned: backends.ChatsProvisioned,
  Key: backends.Key,
  KeyMade: backends.KeyMade,
  KeyPage: backends.KeyPage,
  File: files.File,
  FileUrl: files.FileUrl,
  FileUrls: files.FileUrls,
  SharedFile: files.SharedFile,
  SharedFilePage: files.SharedFilePage,
  MyProfile: people.MyProfile,
  Hook: hooks.Hook,
  HookPage: hooks.HookPage,
  HookWithSecret: hooks.HookWithSecret,
  DeadRange: hooks.DeadRange,
  DeadPage: hooks.DeadPage,
  Report: consent.Report,
  ReportPage: consent.ReportPage,
  ReportMade: consent.ReportMade,
  Ban: groups.Ban,
  BanPage: groups.BanPage,
  Invitation: groups.Invitation,
  InvitationWithCode: groups.InvitationWithCode,
  InvitationPage: groups.InvitationPage,
  JoinRequest: groups.JoinRequest,
  JoinRequestPage: groups.JoinRequestPage,
  Asked: groups.Asked,
  Inlet: inlets.Inlet,
  InletWithUrl: inlets.InletWithUrl,
  InletPage: inlets.InletPage,
  InletPosted: inlets.InletPosted,
  ChatNotices: notices.ChatNotices,
  PushKey: notices.PushKey,
  Unsubscribed: notices.Unsubscribed,
}

/** Returns the name of a frame in the documents: `SendMessage` for `send_message`. */
export const pascal = (type: string): string => type.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

const byType = <K>(kinds: Readonly<Record<string, K>>, suffix: string, schemaOf: (kind: K) => Named[string]): Named =>
  Object.fromEntries(Object.entries(kinds).map(([type, kind]) => [pascal(type) + suffix, schemaOf(kind)]))

/** Frames of the client, and the results of their `ok`. */
export const commandFrames = byType(clientFrames, 'Frame', ({ schema }) => schema)
export const results: Named = { ...shared, Position, Nothing, ...byType(clientFrames, 'Result', ({ result }) => result) }
/** Frames of the server. */
export const sentFrames = byType(serverFrames, 'Sent', ({ schema }) => schema)
