import type { KeyId } from '../../domain/ids.ts'
import { keyText } from '../../domain/keys.ts'
import { invalid, Refusal } from '../../domain/refusal.ts'
import { checkedName } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { LiveSessions } from '../identity/live-sessions.ts'
import type { Ports } from '../ports/ports.ts'
import { deedOf } from '../staff/staff.ts'

/** Makes a key. Its text is shown this once. A bot's key has no scopes: it acts as the bot. */
export const createKey =
  ({
    keys,
    people,
    clock,
    newId,
    newSecret,
    digest,
  }: Pick<Ports, 'keys' | 'people' | 'clock' | 'newId' | 'newSecret' | 'digest'>): ChatApi['createKey'] =>
  async (caller, { name, scopes = [], botId, expiresAt }) => {
    if (botId !== undefined && scopes.length > 0) throw invalid('/scopes', 'is left out for a bot')
    if (botId === undefined && scopes.length === 0) throw invalid('/scopes', 'names at least one, unless the key is of a bot')
    if (expiresAt !== undefined && expiresAt <= clock()) throw invalid('/expires_at', 'is in the future')
    if (botId !== undefined && (await people.get(botId))?.kind !== 'bot') throw new Refusal('user-not-found', { userIds: [botId] })
    const secret = newSecret()
    const id = newId() as KeyId
    const given = { name: checkedName(name), scopes: [...new Set(scopes)], botId, expiresAt }
    const key = { ...given, id, hash: digest(secret), createdAt: clock(), revokedAt: undefined }
    await keys.add(key, deedOf({ clock, newId }, caller, 'key.made', { facts: { key_id: id } }))
    return { key, text: keyText(id, secret) }
  }

export const listKeys =
  ({ keys }: Pick<Ports, 'keys'>): ChatApi['listKeys'] =>
  (_caller, window) =>
    keys.list(window)

/** Revokes a key: it is refused at once, by other processes within seconds, and its sockets close. */
export const revokeKey =
  ({
    keys,
    clock,
    newId,
    live,
  }: Pick<Ports, 'keys' | 'clock' | 'newId'> & { readonly live: Pick<LiveSessions, 'forgetKey'> }): ChatApi['revokeKey'] =>
  async (caller, keyId) => {
    const deed = deedOf({ clock, newId }, caller, 'key.revoked', { facts: { key_id: keyId } })
    if (!(await keys.revoke(keyId, deed.at, deed))) throw new Refusal('not-found')
    live.forgetKey(keyId)
  }
