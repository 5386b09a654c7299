import type { ProblemCode } from './problems.ts'

interface Explanation {
  /** What is the case. */
  readonly meaning: string
  /** What a client does about it. */
  readonly remedy: string
}

/** A page for everybody who meets a problem, served at `/problems/<code>`. */
export const explanations: Readonly<Record<ProblemCode, Explanation>> = {
  'bad-json': {
    meaning:
      'The body of the request, or the text of the frame, could not be read as JSON: a bracket or a quote is missing, or it is not UTF-8.',
    remedy:
      'Write it with a JSON library instead of putting strings together. A socket closes with 4400 after more than 20 such frames in a row.',
  },
  'unknown-type': {
    meaning:
      'A frame is a JSON object whose member `type` names one of the known kinds; this one is no object, has no type, or one that is not known here.',
    remedy: 'Compare the type with /asyncapi.json. If a newer server knows it, this one was not updated yet.',
  },
  'unauthenticated': {
    meaning:
      'The request needs to know who asks, and the token is missing, broken, or was not made by this service. On a socket, no `authorize` has succeeded yet.',
    remedy: 'Send `Authorization: Bearer <access_token>`, or the frame `authorize` first. If the token is your latest one, sign in again.',
  },
  'token-expired': {
    meaning: 'The token was good once, but its time is over. Access tokens live for minutes, refresh tokens for weeks.',
    remedy:
      'Get a new access token with `POST /auth/refresh` and repeat the request; on an open socket, send `authorize` again before the time is over. If it is the refresh token that has expired, sign in again.',
  },
  'session-ended': {
    meaning:
      'The session was ended: by signing out, from another device, by a new password, because the person was deleted, or because a refresh token was used again long after it had been spent, which means that somebody else may have it.',
    remedy: 'Forget the tokens and sign in again. Keep the outbox: what was not acknowledged can be sent with the same keys afterwards.',
  },
  'bad-credentials': {
    meaning: 'The login is not known or the password is wrong. Which of the two it is, is not told, and both answers take the same time.',
    remedy: 'Ask the person again. Logins are e-mail addresses or usernames, in any case of letters.',
  },
  'not-allowed': {
    meaning:
      'You can see this chat, but what you tried is for others to do. `requires` lists the roles of which one is needed, `author` among them; an empty list means that nobody may, like removing the owner.',
    remedy: 'Ask somebody who has one of these roles. Hide the command where your own role, in `me.role` of the chat, does not suffice.',
  },
  'not-found': {
    meaning: 'There is nothing at this address, for nobody. Signing in as a guest answers this as well where guests are not wanted.',
    remedy: 'Compare the address with /docs. All calls begin with `/api/v1`.',
  },
  'chat-not-found': {
    meaning:
      'There is no chat with this id among your own. Whether it exists for others is not told, so that nobody can find out which chats there are.',
    remedy: 'If it was yours before, you have left it, were removed, or it was deleted: take it off the list.',
  },
  'message-not-found': {
    meaning:
      'There is no message with this id in this chat. A message that was deleted keeps its place and is still found; this one was never there, or is in another chat.',
    remedy: 'Use the id and the chat id of one and the same message. `reply_to` names a message of the chat that is written to.',
  },
  'user-not-found': {
    meaning:
      'Nobody has the ids in `user_ids`, or they were deleted; where members are concerned, they are not in this chat. Nothing was changed for the others either.',
    remedy: 'Leave these ids out and repeat the request.',
  },
  'session-not-found': {
    meaning: 'You have no session with this id, or it has already ended or expired.',
    remedy: 'Read the list of sessions again. If you wanted to end it, there is nothing left to do.',
  },
  'method-not-allowed': {
    meaning: 'The address exists, but not with this method. The header `Allow` lists those that it has.',
    remedy: 'Compare the call with /docs.',
  },
  'email-taken': {
    meaning: 'Somebody has registered with this e-mail address, in whatever case of letters.',
    remedy: 'Sign in instead, or register with another address.',
  },
  'username-taken': {
    meaning: 'Somebody has this username. Usernames are compared in lower case.',
    remedy: 'Choose another one, or register without any: then one is made that is free.',
  },
  'key-reused': {
    meaning:
      'You have already sent a message with this `client_message_id` to this chat, with another text or another `reply_to`; `message_id` names it. The key is what makes sending safe to repeat, so it can only ever mean one message.',
    remedy:
      'Make a new key for every new message, and keep it with the message until it is acknowledged. To change a text that was sent, edit the message.',
  },
  'version-conflict': {
    meaning: 'You asked to change one version of the message, and there is another by now: `version`. Another device of yours was faster.',
    remedy: 'Show the text as it is now, and let the person decide. Without `version` in the request the last one wins.',
  },
  'message-deleted': {
    meaning: 'The message was deleted. It keeps its place in the chat, but it has no text and gets none again.',
    remedy: 'Send a new message.',
  },
  'last-owner': {
    meaning: 'A group has exactly one owner, who cannot leave it or give the role up while others are in it.',
    remedy: 'Give the role `owner` to another member first, or delete the group.',
  },
  'group-full': {
    meaning: 'The group would have more members than a group may have: `group_members` in the limits. Nobody was added.',
    remedy: 'Add fewer people, or make another group.',
  },
  'already-resumed': {
    meaning: 'A socket resumes once; after that it is told everything that happens.',
    remedy: 'Send `fetch` to read what is missing in one chat, or open a new socket to start afresh.',
  },
  'too-large': {
    meaning:
      'The body is larger than a body may be: `body_bytes` in the limits; or the headers have more than 16 KiB (status 431). It was not read to its end. An oversized frame closes the socket with 1009.',
    remedy: 'Send less at once. No message needs as much.',
  },
  'unsupported-media-type': {
    meaning: 'The body is of another type than the one that is read here, or compressed in a way that is not known.',
    remedy: 'Send JSON with `Content-Type: application/json`; only `/auth/token` takes a form, with `application/x-www-form-urlencoded`.',
  },
  'text-empty': {
    meaning: 'Without the white space at both ends nothing is left of the text.',
    remedy: 'Do not send it. To take a message away, delete it.',
  },
  'text-too-long': {
    meaning:
      'The text has `length` characters (Unicode code points, without white space at both ends), and `limit` is the most that it may have.',
    remedy: 'Shorten it, or send it as several messages, each with a key of its own.',
  },
  'chat-with-self': {
    meaning: 'A private chat is one of two people, and you named yourself as the other one.',
    remedy: 'Make a group of which you are the only member to keep notes for yourself.',
  },
  'not-a-group': {
    meaning: 'Private chats have no name, no roles and always the same two people; what you tried is done in groups only.',
    remedy: 'Make a group with these people. A private chat can be left, which takes it off your list until the next message.',
  },
  'invalid': {
    meaning:
      'The request has another shape than the call asks for: a member or a parameter is missing, not known, or of another type or size. `errors` names the places, each by a JSON pointer, with what would be right there.',
    remedy: 'Correct the places that `errors` names. Members that are not known are refused, so that a misspelt one is noticed.',
  },
  'too-many-requests': {
    meaning: 'This was asked for too often of late, by this person, from this address or for this login.',
    remedy:
      'Wait for `retry_after_ms` (the header `Retry-After` says the same in seconds), then repeat. Messages may be repeated with their keys as often as is needed.',
  },
  'internal': {
    meaning: 'Something broke in the service. It is written to its log under the `request_id`; nothing else is told.',
    remedy: 'Repeat it after a while; sending the same key again is safe. If it stays, tell whoever runs the service the `request_id`.',
  },
  'overloaded': {
    meaning: 'More is going on than the service can take, so this was refused before anything was done.',
    remedy: 'Repeat it after a second or so, waiting longer each time, with some randomness.',
  },
  'draining': {
    meaning: 'This process is shutting down, for an update most likely. What was acknowledged is safe.',
    remedy: 'Repeat it after a second or so: another process answers, or this one after its start.',
  },
}
