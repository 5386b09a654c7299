import type { TFunction } from 'i18next'
import type { Told } from '../state/told.ts'
import { isolated } from '../ui/isolated.ts'

export type NameOf = (id: string | undefined) => string

const words: { readonly [T in Told['type']]: (told: Extract<Told, { type: T }>, nameOf: NameOf, t: TFunction) => string } = {
  'chat.created': ({ actorId }, nameOf, t) => t('system.created', { name: nameOf(actorId) }),
  'chat.renamed': ({ actorId, name }, nameOf, t) => t('system.renamed', { name: nameOf(actorId), title: isolated(name) }),
  'member.added': ({ actorId, user }, nameOf, t) => t(actorId === user.id ? 'system.joined' : 'system.added', { name: nameOf(user.id) }),
  'member.left': ({ userId }, nameOf, t) => t('system.left', { name: nameOf(userId) }),
  'member.removed': ({ userId }, nameOf, t) => t('system.removed', { name: nameOf(userId) }),
  'chat.rules_changed': ({ actorId }, nameOf, t) => t('system.rules', { name: nameOf(actorId) }),
  'chat.avatar_changed': ({ actorId }, nameOf, t) => t('system.pictured', { name: nameOf(actorId) }),
  'chat.description_changed': ({ actorId }, nameOf, t) => t('system.described', { name: nameOf(actorId) }),
  'member.muted': ({ userId, isMuted }, nameOf, t) => t(isMuted ? 'system.muted' : 'system.unmuted', { name: nameOf(userId) }),
  'member.banned': ({ userId }, nameOf, t) => t('system.banned', { name: nameOf(userId) }),
  'member.unbanned': ({ userId }, nameOf, t) => t('system.unbanned', { name: nameOf(userId) }),
  'member.role_changed': ({ userId, role }, nameOf, t) => t(`system.role_${role}`, { name: nameOf(userId) }),
}

export const wordsOf = (told: Told, nameOf: NameOf, t: TFunction): string =>
  (words[told.type] as (...of: unknown[]) => string)(told, nameOf, t)
