import { localError } from '../calls/problem.ts'
import type { ChatClient } from '../types.ts'
import type { Context } from './context.ts'
import type { Parts } from './parts.ts'
import type { User } from './user.ts'

/** Starts, stops and ends a client, and follows its connection. */
export function life({ timers, emit, over, auth }: Context, user: User, parts: Parts): Pick<ChatClient, 'start' | 'stop' | 'close'> {
  const { link, level, sending, list, crowd, chats, copies, away } = parts
  let isRunning = false
  let unwatch = () => {}

  function startSending(): void {
    if (isRunning && user.id() !== '')
      sending.start(user.id()).catch((error: unknown) => emit('error', { error, during: 'opening the outbox' }))
  }
  void user.ready.then(startSending)

  function identify(): void {
    // Asked again with the next connection.
    user.identify().catch(() => {})
  }

  link.state.subscribe(() => {
    const state = link.state.get()
    if (state.status === 'online') {
      level.catchUpAll()
      const isLong = away.isOver()
      if (isLong || !user.me.get()) identify()
      for (const one of chats.values()) one.online(isLong)
      if (isLong) void list.reload()
      else list.repair()
    } else {
      crowd.unknown()
      for (const copy of copies.all()) {
        if (copy.typing.length === 0) continue
        copy.typing = []
        copies.touch(copy, 'typing', 'item')
      }
    }
    sending.pump(state.status === 'online')
    emit('connection', state)
  })

  function stop(): void {
    if (!isRunning) return
    isRunning = false
    unwatch()
    timers.pause()
    sending.stop()
    link.stop()
  }

  return {
    start() {
      if (over.signal.aborted) throw localError('closed', 'This client is closed; to be started again, stop it instead')
      if (isRunning) return stop
      isRunning = true
      timers.resume()
      startSending()
      identify()
      link.start()
      void list.reload()
      // Signing out ends the connection of the user.
      if (auth)
        unwatch = auth.session.subscribe(() => user.id() !== '' && auth.session.get()?.user.id !== user.id() && link.stop('signed-out'))
      return stop
    },
    stop,
    close() {
      stop()
      timers.clear()
      over.abort(localError('closed', 'This client is closed'))
      link.stop('closed')
    },
  }
}
