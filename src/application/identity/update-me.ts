import { Refusal } from '../../domain/refusal.ts'
import { checkedName, checkedUsername } from '../../domain/words.ts'
import type { ChatApi } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { getMe } from './get-me.ts'

export const updateMe =
  (needs: Pick<Ports, 'people'>): ChatApi['updateMe'] =>
  async (caller, { name, username }) => {
    const change = {
      name: name === undefined ? undefined : checkedName(name),
      username: username === undefined ? undefined : checkedUsername(username),
    }
    if ((await needs.people.rename(caller.userId, change)) === 'username-taken') throw new Refusal('username-taken')
    return getMe(needs)(caller)
  }
