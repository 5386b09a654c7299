/** What to do about refusals by which users and groups keep order. */
export const orderExplanations = {
  'not-accepted': {
    meaning: 'The other user does not accept it: there is a block between the two of you, or the user does not let you write first.',
    remedy: 'Keep the text where the user can copy it, and do not send it again.',
  },
  'blocks-full': {
    meaning: 'You have blocked `limit` users, which is the most that a user may block.',
    remedy: 'Unblock some of them first.',
  },
  'invitations-full': {
    meaning: 'The group has as many good invitations as it may: `limit` says how many. Expired ones do not count.',
    remedy: 'Revoke one that is no longer needed, or use one of them again: an invitation without `uses` lets in as many as come.',
  },
  'hooks-full': {
    meaning: 'The service has as many webhooks as it may: `limit` says how many. Those that are off count, too.',
    remedy: 'Delete one that is no longer needed, or have one webhook receive more types and chats.',
  },
  'inlets-full': {
    meaning: 'The group has as many inlets as it may: `limit` says how many.',
    remedy: 'Delete one that is no longer needed, or post through one of them again: an inlet takes the messages of several programs.',
  },
  'invitation-not-found': {
    meaning:
      'The code is of no use: it was never made, has expired, was used up or revoked, or its maker may no longer invite people. The answer does not say which.',
    remedy: 'Ask a member of the group for a new invitation.',
  },
  'must-ask': {
    meaning: 'This invitation alone lets no user in: the owner or an admin of the group decides on each request.',
    remedy: 'Send the same code to `POST /chats/requests`. You are in the group once the request is accepted.',
  },
  'request-not-found': {
    meaning: 'This user does not ask to be let in: they never did, have taken it back, were declined or banned, or are gone.',
    remedy: 'Read the list of requests again.',
  },
  'requests-full': {
    meaning: 'As many users ask to be let into this group as may: `limit` says how many.',
    remedy: 'Ask again once the owner or an admin has decided on some of them.',
  },
  'muted': {
    meaning:
      'The owner or an admin has muted you in this group: until `until` you neither send nor edit messages there. You read as before.',
    remedy: 'Keep the message and send it again with the same idempotency key after `until`.',
  },
  'banned': {
    meaning:
      'The group has banned these users: `user_ids`. A ban closes every way in: being added, any invitation, a back end. No user was added.',
    remedy: 'Leave these users out. An owner or admin of the group can lift the ban.',
  },
  'slow-mode': {
    meaning:
      'The group lets members send one message in a while, and your last one was sent less than that ago. Owner and admins are free.',
    remedy: 'Send it again with the same idempotency key after `retry_after_ms`. Messages to other chats need not wait.',
  },
}
