import type { MailFacts, MailKind } from '../../application/ports/mail.ts'

interface Words {
  readonly subject: string
  readonly text: string
}

/** Addresses of the service that mails name. */
export interface Addresses {
  readonly page: string
  readonly unsubscribe: string
}

const some = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

const ignore = 'If this was not you, you can ignore this mail.'

/** What each kind of mail says, in plain text. */
export const words: { readonly [K in MailKind]: (facts: MailFacts[K], addresses: Addresses) => Words } = {
  'verify-email': ({ code }) => ({
    subject: `${code} is your code`,
    text: `Your code is ${code}. It confirms that this email address is yours, and is valid for 30 minutes.\n\n${ignore}`,
  }),
  'email-change': ({ email }) => ({
    subject: 'Your email address is about to change',
    text: `Someone who knows your password asked to change the email address of your account to ${email}. As soon as that address is confirmed, this one no longer belongs to your account.\n\nIf this was not you, change your password now.`,
  }),
  'reset-password': ({ code }) => ({
    subject: 'Choose a new password',
    text: `With this code you can set a new password. It is valid for 30 minutes and works once:\n\n${code}\n\n${ignore}`,
  }),
  'digest': ({ messages, chats }, { page, unsubscribe }) => ({
    subject: some(messages, 'unread message'),
    text: `You have ${some(messages, 'unread message')} in ${some(chats, 'chat')}:\n\n${page}\n\nTo get no more of these mails:\n\n${unsubscribe}`,
  }),
  'sign-in': ({ device, network, at }) => ({
    subject: 'New sign-in to your account',
    text: `Someone signed in to your account:\n\nDevice: ${device}\nNetwork: ${network}\nTime: ${at}\n\nIf this was not you, change your password: that signs out all other devices.`,
  }),
}
