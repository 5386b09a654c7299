import { isBehind } from '../copy/cursor.ts'
import { applying } from './apply.ts'
import { catchingUp } from './catch-up.ts'
import { type Forgetting, forgetting } from './forget.ts'
import { type DeliveredFrame, frameHandlers } from './frames.ts'
import { jumping } from './jump.ts'
import { naming } from './naming.ts'
import type { SyncNeeds } from './needs.ts'
import { type Refreshing, refreshing } from './refresh.ts'
import { type Resuming, resuming } from './resume.ts'

export interface Sync
  extends Pick<Refreshing, 'adopt' | 'refresh' | 'recount'>,
    Pick<Forgetting, 'hide'>,
    Pick<Resuming, 'resumeFrom' | 'resumed' | 'startEpoch' | 'epoch'> {
  receive(frame: DeliveredFrame): void
  /** Fetches what is missing; to be called when the connection is up. */
  catchUpAll(): void
}

/** Keeps the copies of chats up to date with the service. */
export function sync(needs: SyncNeeds): Sync {
  const { copies } = needs
  const forget = forgetting(needs)
  const names = naming(copies)
  const fetch = refreshing(needs, { ...forget, names })
  const apply = applying(needs, { ...fetch, names })
  const follow = catchingUp(needs, { apply, gone: forget.gone })
  const jump = jumping(needs, { apply, refreshSoon: fetch.refreshSoon })
  const resume = resuming({ copies, jump, ...forget, ...fetch, ...follow })
  const handlers = frameHandlers(needs, { ...forget, ...fetch, ...follow, ...resume, names, jump })

  return {
    ...fetch,
    ...resume,
    hide: forget.hide,
    receive(frame) {
      // A frame of a type that this version does not know changes nothing.
      if (Object.hasOwn(handlers, frame.type)) handlers[frame.type](frame as never)
    },
    catchUpAll() {
      for (const copy of copies.all()) if (copy.cursor && isBehind(copy.cursor)) follow.catchUp(copy)
    },
  }
}
