import { orderExplanations } from './order-explanations.ts'
import type { ProblemCode } from './problems.ts'

interface Explanation {
  /** What the code means. */
  readonly meaning: string
  /** What a client does about it. */
  readonly remedy: string
}

/** The text of the page that the server shows at `/problems/<code>`. */
export const explanations: Readonly<Record<ProblemCode, Explanation>> = {
  'bad-json': {
    meaning: 'The server could not read the body or the frame as JSON: a bracket or a quote is missing, or the text is not UTF-8.',
    remedy: 'Write it with a JSON library instead of joining strings. A socket closes with 4400 after more than 20 such frames in a row.',
  },
  'unknown-type': {
    meaning:
      'A frame is a JSON object whose member `type` names a known kind. This one is not an object, has no `type`, or has a type that the server does not know.',
    remedy: 'Compare the type with /asyncapi.json. If a newer server knows it, this server was not updated yet.',
  },
  'unauthenticated': {
    meaning:
      'The request needs an access token, and the token is missing, malformed, or was not issued by this service. On a socket, no `authorize` has succeeded yet.',
    remedy: 'Send `Authorization: Bearer <access_token>`, or the frame `authorize` first. If this is your latest token, sign in again.',
  },
  'token-expired': {
    meaning: 'The token was valid and has expired. Access tokens live for minutes, refresh tokens for weeks.',
    remedy:
      'Get a new access token with `POST /auth/refresh` and repeat the request. On an open socket, send `authorize` again before the token expires. If the refresh token has expired, sign in again.',
  },
  'session-ended': {
    meaning:
      'The session was ended: the user signed out, ended it from another device, set a new password or deleted the account; or a spent refresh token was used again, which means that it may be stolen.',
    remedy:
      'Delete the tokens and sign in again. Keep the outbox: send what was not acknowledged with the same idempotency keys afterwards.',
  },
  'bad-credentials': {
    meaning: 'The login is unknown or the password is wrong. The answer does not say which, and takes the same time in both cases.',
    remedy: 'Ask the user again. A login is an email or a username; upper and lower case do not matter.',
  },
  'person-disabled': {
    meaning: 'The account was disabled by the people who run this service. Its messages stay.',
    remedy: 'Keep the outbox and ask the people who run the service. Sign in again when the account is enabled.',
  },
  'second-factor': {
    meaning:
      'The password is right, and this user has a second factor. `methods` lists what they have: `totp`, a code of an authenticator app; `recovery`, one of the codes to print; `passkey`.',
    remedy:
      'Ask for the code and repeat the request with `second_factor`. With a passkey, sign in with `POST /auth/passkey/options` and `POST /auth/passkey` instead.',
  },
  'factor-not-found': {
    meaning: 'None of your second factors has this id; perhaps it was removed on another device.',
    remedy: 'Read the list of second factors again. If you wanted to remove it, you are done.',
  },
  'factors-full': {
    meaning: 'You have `limit` authenticator apps and passkeys, which is the most that a user may have.',
    remedy: 'Remove one that you no longer use.',
  },
  'bad-code': {
    meaning: 'The code is wrong, has expired, was used before, or was tried too often.',
    remedy: 'Ask the user to type it again. If it fails again, request another code.',
  },
  ...orderExplanations,
  'not-allowed': {
    meaning:
      'You can see this chat, and your role does not allow this command. `requires` lists the roles of which you need one, `author` among them. An empty list means that no user may do it, such as removing the owner.',
    remedy: 'Ask a member with one of these roles. Hide the command when your own role, `me.role` of the chat, is not enough.',
  },
  'not-found': {
    meaning: 'This address does not exist. Signing in as a guest also answers this when the server does not admit guests.',
    remedy: 'Compare the address with /docs. All calls begin with `/api/v1`.',
  },
  'chat-not-found': {
    meaning:
      'None of your chats has this id. The answer is the same whether the chat exists for other users or not, so that no user can find out which chats exist.',
    remedy: 'If it was one of your chats, you left it, you were removed, or it was deleted: remove it from the list.',
  },
  'message-not-found': {
    meaning:
      'No message of this chat has this id. A deleted message keeps its place and is still found; this one never existed or belongs to another chat.',
    remedy: 'Use the message id together with the id of its own chat. `reply_to` names a message of the chat that you write to.',
  },
  'user-not-found': {
    meaning:
      'No user has the ids in `user_ids`, or their accounts were deleted. Where the call concerns members, they are not members of this chat. The call changed nothing.',
    remedy: 'Leave out these ids and repeat the request.',
  },
  'session-not-found': {
    meaning: 'You have no session with this id, or it has ended or expired.',
    remedy: 'Read the list of sessions again. If you wanted to end this session, you are done.',
  },
  'file-not-found': {
    meaning:
      'You have no file with one of these ids, given in `file_ids`. You can read a file that you uploaded, or one that a message of your chats has now; you can attach only files that you uploaded. A file that no message has had for 24 hours is deleted.',
    remedy: 'Upload the file again and send its new id. Keep the old message if it is an edit: what it has already may stay.',
  },
  'upload-not-found': {
    meaning: 'You have no upload with this id: it was ended, or it expired 24 hours after it began.',
    remedy: 'Begin a new upload. With the same `client_file_id` a finished file is not stored twice.',
  },
  'method-not-allowed': {
    meaning: 'The address exists and does not support this method. The header `Allow` lists the methods that it supports.',
    remedy: 'Compare the call with /docs.',
  },
  'email-taken': {
    meaning: 'Another account has this email. Upper and lower case do not matter.',
    remedy: 'Sign in instead, or register with another email.',
  },
  'username-taken': {
    meaning: 'Another user has this username. Usernames are compared in lower case.',
    remedy: 'Choose another username, or register without one: the server then makes one that is free.',
  },
  'person-exists': {
    meaning: 'The other account that the token names exists already, with its own chats. Two accounts are never joined.',
    remedy: 'Sign in with that account instead of upgrading the guest.',
  },
  'refused': {
    meaning:
      'The people who run this service have a rule against it, such as one about what a text may contain. `reason` names the rule for programs; `detail` may explain it.',
    remedy: 'Show the reason to the user. Sending the same content again is refused again.',
  },
  'key-reused': {
    meaning:
      'You have already sent a message with this `client_message_id` to this chat, with another text or another `reply_to`; `message_id` names it. The idempotency key makes sending safe to repeat, so it always names the same message.',
    remedy:
      'Make a new key for every new message, and store it with the message until the server has acknowledged it. To change a sent text, edit the message.',
  },
  'version-conflict': {
    meaning:
      'You asked to edit one version of the message, and it has another version now: `version`. Another of your devices edited it first.',
    remedy: 'Show the present text and let the user decide. Without `version` in the request the last edit wins.',
  },
  'message-deleted': {
    meaning: 'The message was deleted. It keeps its place in the chat, has no text and cannot be edited.',
    remedy: 'Send a new message.',
  },
  'last-owner': {
    meaning: 'A group has exactly one owner, who cannot leave it or give up the role while it has other members.',
    remedy: 'Give the role `owner` to another member first, or delete the group.',
  },
  'group-full': {
    meaning: 'The group would exceed the highest number of members: `group_members` in the limits. No member was added.',
    remedy: 'Add fewer users, or create another group.',
  },
  'reactions-full': {
    meaning: 'The message has as many kinds of reactions as it may, or you have reacted to it as often as you may: `limit` says how many.',
    remedy: 'Use an emoji that the message already has, or remove one of your reactions first.',
  },
  'pins-full': {
    meaning: 'As many are pinned as may be: `limit` says how many. Nothing is unpinned by itself.',
    remedy: 'Unpin another one first.',
  },
  'already-resumed': {
    meaning: 'A socket resumes once; after that it receives every event.',
    remedy: 'Send `fetch` to read the missing events of one chat, or open a new socket to start over.',
  },
  'upload-offset': {
    meaning: 'The server has received another number of bytes than `Upload-Offset` says. `offset` is how many.',
    remedy: 'Continue from `offset`. tus clients do this on their own with a HEAD request.',
  },
  'file-in-use': {
    meaning: 'A message has this file, or it is the picture of a user or group. It is deleted with the last of them.',
    remedy: 'Delete the message or take the file out of it by an edit.',
  },
  'too-large': {
    meaning:
      'The body is larger than `body_bytes` in the limits, a file larger than `file_bytes`, or the headers are larger than 16 KiB (status 431). The server did not read it to the end. An oversized frame closes the socket with 1009.',
    remedy: 'Send less at once. No message needs that much; larger files are not accepted by this server.',
  },
  'quota-full': {
    meaning: 'Your files and open uploads would have more than `limit` bytes together.',
    remedy: 'Delete messages with files, or files that no message has, and end uploads that you do not need.',
  },
  'unsupported-media-type': {
    meaning: 'The body has a content type that this call does not read, or an unknown compression.',
    remedy: 'Send JSON with `Content-Type: application/json`. Only `/auth/token` takes a form, with `application/x-www-form-urlencoded`.',
  },
  'text-empty': {
    meaning: 'The text is empty, or consists of white space only.',
    remedy: 'Do not send it. To remove the text of a message, delete the message.',
  },
  'text-too-long': {
    meaning: 'The text has `length` characters, and `limit` is allowed (Unicode code points, without white space at both ends).',
    remedy: 'Shorten it, or send it as several messages, each with its own idempotency key.',
  },
  'chat-with-self': {
    meaning: 'A private chat has two members, and you named yourself as the other one.',
    remedy: 'To keep notes for yourself, create a group of which you are the only member.',
  },
  'not-an-emoji': {
    meaning:
      'A reaction is exactly one emoji (UTS #51) of at most 16 code points. Digits, `#`, letters and several emoji in a row are not.',
    remedy: 'Send one emoji, percent-encoded where it is part of a path.',
  },
  'not-a-group': {
    meaning: 'A private chat has no name, no roles and always the same two members. This command works in groups only.',
    remedy: 'Create a group with these users. You can leave a private chat, which hides it from your list until the next message.',
  },
  'file-refused': {
    meaning: 'The malware scanner of this server refused the file. It was not stored.',
    remedy: 'Do not send it again. If it is harmless, ask the operator of the server.',
  },
  'invalid': {
    meaning:
      'The request does not have the shape of this call: a member or parameter is missing, unknown, or has the wrong type or size. `errors` lists the places by JSON pointer, each with what is allowed there.',
    remedy: 'Correct the places that `errors` names. The server refuses unknown members so that you notice a misspelled one.',
  },
  'too-many-requests': {
    meaning: 'You exceeded a limit of this call, counted by user, network address or login.',
    remedy:
      'Wait for `retry_after_ms` (the header `Retry-After` has the same in seconds), then repeat. You may repeat messages with their idempotency keys as often as necessary.',
  },
  'internal': {
    meaning: 'The server met a bug. Its log has the details under the `request_id`; the answer has none.',
    remedy:
      'Repeat the request later; sending with the same idempotency key is safe. If it happens again, send the operator the `request_id`.',
  },
  'overloaded': {
    meaning: 'The server has more requests than it can process and refused this one before it changed anything.',
    remedy: 'Repeat it after about a second, and wait longer after each attempt, with some randomness.',
  },
  'draining': {
    meaning: 'This process is shutting down, probably for an update. Everything it acknowledged is committed.',
    remedy: 'Repeat the request after about a second: another process answers, or this one after its restart.',
  },
}
