import { builtOn } from './built.ts'
import type { Database } from './connect.ts'
import { entities } from './schema.ts'

/** What a store knows about itself: few, small, and for ever. */
export interface Settings {
  get(key: string): Promise<string | undefined>
  /** Keeps a value unless there is one, and answers the one that is there: the same for all who ask at once. */
  keep(key: string, value: string): Promise<string>
  set(key: string, value: string): Promise<void>
}

export function mikroOrmSettings(database: Database): Settings {
  const { em, rows, change } = builtOn(database)
  const settings = () => em.createQueryBuilder(entities.settings)
  const get = async (key: string) => (await rows(settings().select('value').where({ key })))[0]?.value
  return {
    get,
    async keep(key, value) {
      await change(settings().insert({ key, value }).onConflict('key').ignore())
      return (await get(key))!
    },
    async set(key, value) {
      await change(settings().insert({ key, value }).onConflict('key').merge(['value']))
    },
  }
}

/** Names the store, until it is restored from a copy: then it takes another name, with `set`. */
export const EPOCH = 'epoch'
