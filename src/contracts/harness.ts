import { afterAll, beforeAll, describe } from 'vitest'
import type { Ports } from '../application/ports.ts'
import type { ChatEvent } from '../domain/event.ts'
import { type Scene, sceneOf } from './scene.ts'

/** A store under test, as the application would be given it. It may hold what others have written. */
export interface StoreHarness extends Pick<Ports, 'log' | 'receipts' | 'chats' | 'people' | 'sessions' | 'newId'> {
  /** What the log has announced so far, call by call. */
  readonly announced: readonly (readonly ChatEvent[])[]
  close?(): Promise<void>
}

export type OpenStore = () => Promise<StoreHarness>

/** Declares the rules of one kit. The store is opened once for all of them; each sets a scene with people and chats of its own. */
export function rulesOf(kit: string, open: OpenStore, declare: (scene: () => Scene) => void): void {
  describe(`${kit}`, () => {
    let store: StoreHarness
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => store.close?.())
    declare(() => sceneOf(store))
  })
}
