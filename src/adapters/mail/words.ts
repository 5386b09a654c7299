import type { MailFacts, MailKind } from '../../application/ports/mail.ts'

interface Words {
  readonly subject: string
  readonly text: string
}

const ignore = 'If this was not you, you can ignore this mail.'

/** What each kind of mail says, in plain text. */
export const words: { readonly [K in MailKind]: (facts: MailFacts[K]) => Words } = {
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
  'sign-in': ({ device, network, at }) => ({
    subject: 'New sign-in to your account',
    text: `Someone signed in to your account:\n\nDevice: ${device}\nNetwork: ${network}\nTime: ${at}\n\nIf this was not you, change your password: that signs out all other devices.`,
  }),
}
