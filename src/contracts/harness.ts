import { afterAll, beforeAll, describe } from 'vitest'
import { type Scene, sceneOf } from './scene.ts'
import type { OpenStore, StoreHarness } from './store-harness.ts'

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
