import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Files } from '../../src/application/ports/files.ts'
import type { StoredFile } from '../../src/domain/filing.ts'
import { tries } from '../support/tries.ts'
import { fileWorld, type Sabotage, step, take } from './files.ts'

/**
 * Whatever was uploaded, sent, forwarded, edited, deleted, and made a picture: an address is given to the owner, to members with a present
 * message, to members of a group for its picture, and to everybody for that of a user.
 */
const rightsFollowMessages = (sabotage?: Sabotage) =>
  fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
    const world = await fileWorld(sabotage)
    try {
      for (const each of steps) {
        await take(world, each)
        expect(await world.wrongRights()).toEqual([])
      }
    } finally {
      await world.close()
    }
  })

/** With crashes at each step, and the same bytes uploaded beside it: what is linked can be read, and what is loose is gone. */
const onlyTheLooseGoes = (sabotage?: Sabotage) =>
  fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    const world = await fileWorld(sabotage)
    try {
      for (const each of steps) await take(world, each)
      expect(await world.leftWrong()).toEqual([])
    } finally {
      await world.close()
    }
  })

const RUNS = { numRuns: tries(150, 30), seed: 4_711 }
/** What is wrong may show rarely. */
const SOUGHT = { ...RUNS, numRuns: 400, endOnFailure: true }

describe('the rights to files', () => {
  it('follow the messages', async () => {
    const { failed, counterexample, errorInstance } = await fc.check(rightsFollowMessages(), RUNS)
    expect({ failed, counterexample, errorInstance }).toEqual({ failed: false, counterexample: null, errorInstance: null })
  })

  const known = (store: { readonly files: ReadonlyMap<string, StoredFile> }, ids: readonly string[]) =>
    ids.flatMap((id) => store.files.get(id) ?? [])
  const saboteurs: Readonly<Record<string, Sabotage>> = {
    'gives everybody everything': { files: (_, store) => ({ visible: async (_viewer, ids) => known(store, ids) }) },
    'knows the owner alone': {
      files: (_, store) => ({ visible: async (viewer, ids) => known(store, ids).filter(({ ownerId }) => ownerId === viewer) }),
    },
    'remembers what was once readable': {
      files(files) {
        const seen = new Map<string, StoredFile>()
        return {
          async visible(viewer, ids) {
            for (const file of await files.visible(viewer, ids)) seen.set(`${viewer} ${file.id}`, file)
            const all = await Promise.all(ids.map(async (id) => ((await files.get(id)) ? seen.get(`${viewer} ${id}`) : undefined)))
            return all.filter((file) => file !== undefined)
          },
        }
      },
    },
    'does not know that a picture of somebody is for everybody': {
      files: (files, store) => ({
        visible: async (viewer, ids) =>
          (await files.visible(viewer, ids)).filter(({ id, ownerId }) => ownerId === viewer || (store.links.get(id)?.size ?? 0) > 0),
      }),
    },
    'shows the picture of a group to everybody': {
      files: (files, store) => ({
        async visible(viewer, ids) {
          const covers = [...store.chats.values()].flatMap(({ state }) => state.chat.avatar ?? [])
          const seen = await files.visible(viewer, ids)
          return known(
            store,
            ids.filter((id) => covers.includes(id) || seen.some((file) => file.id === id)),
          )
        },
      }),
    },
    'looks at the first message alone': {
      files: (files, store) => ({
        visible: async (viewer, ids) =>
          (await files.visible(viewer, ids)).filter(({ id, ownerId }) => {
            const [first] = store.links.get(id)?.values() ?? []
            return ownerId === viewer || (first !== undefined && store.chats.get(first.chatId)?.state.members.get(viewer))
          }),
      }),
    },
  }
  it.each(Object.entries(saboteurs))('would notice one who %s', async (_, sabotage) => {
    expect(await fc.check(rightsFollowMessages(sabotage), SOUGHT)).toMatchObject({ failed: true })
  })
})

describe('the collection of files', () => {
  it('takes what is loose, and nothing else', async () => {
    const { failed, counterexample, errorInstance } = await fc.check(onlyTheLooseGoes(), RUNS)
    expect({ failed, counterexample, errorInstance }).toEqual({ failed: false, counterexample: null, errorInstance: null })
  })

  const released: Pick<Files, 'release'>['release'] = async () => []
  const saboteurs: Readonly<Record<string, Sabotage>> = {
    'takes linked files, too': {
      files: (files, store) => ({
        async collect(before, at, limit) {
          store.links.clear()
          for (const id of store.files.keys()) store.looseSince.set(id, 0)
          return files.collect(before, at, limit)
        },
      }),
    },
    'does not look a second time': {
      files: (files, store) => ({
        async release(before, at, limit) {
          const all = await files.release(before, at, limit)
          return [
            ...all,
            ...[...store.blobs]
              .filter(([sha256, { unusedSince }]) => unusedSince === undefined && !all.includes(sha256))
              .map(([sha256]) => sha256),
          ]
        },
      }),
    },
    'takes pictures of users and groups, too': {
      files: (files, store) => ({
        async collect(before, at, limit) {
          const count = await files.collect(before, at, limit)
          for (const id of store.files.keys()) if (!store.links.get(id)?.size) store.files.delete(id)
          return count
        },
      }),
    },
    'forgets a file whose link has gone': { files: () => ({ collect: async () => 0 }) },
    'leaves the bytes': { files: () => ({ release: released }) },
    'forgets the row and not the bytes': { blobs: () => ({ remove: async () => {} }) },
    'trusts that claimed bytes are there': { blobs: (blobs) => ({ keep: once(blobs.keep) }) },
  }
  it.each(Object.entries(saboteurs))('would notice one who %s', async (_, sabotage) => {
    expect(await fc.check(onlyTheLooseGoes(sabotage), SOUGHT)).toMatchObject({ failed: true })
  })
})

/** Keeps the same bytes the first time only. */
function once(keep: (received: { readonly path: string; readonly sha256: string; readonly size: number }) => Promise<void>): typeof keep {
  const kept = new Set<string>()
  return async (received) => {
    if (!kept.has(received.sha256)) await keep(received)
    kept.add(received.sha256)
  }
}
