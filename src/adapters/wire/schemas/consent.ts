import { z } from 'zod'
import { noted } from './common.ts'

const openness = z.enum(['anyone', 'known', 'nobody'])
const privacy = {
  write: noted(openness, 'Who may write to you first. `known`: people with whom you share a group.'),
  add: noted(
    openness,
    'Who may add you to a group. `known`: people with whom you share a group, or have both written in your private chat.',
  ),
  last_seen: noted(z.enum(['known', 'nobody']), 'Who sees whether you are online, and when you last were.'),
}

export const MyPrivacy = z.object(privacy)
export type MyPrivacy = z.infer<typeof MyPrivacy>
export const MyPrivacyChange = z.strictObject(privacy).partial()
