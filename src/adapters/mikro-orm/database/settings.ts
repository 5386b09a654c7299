import type { Database } from './connect.ts'
import { queryOn } from './query.ts'

/** What a store knows about itself: few, small, and for ever. */
export interface Settings {
  get(key: string): Promise<string | undefined>
  /** Keeps a value unless there is one, and answers the one that is there: the same for all who ask at once. */
  keep(key: string, value: string): Promise<string>
  set(key: string, value: string): Promise<void>
}

export function mikroOrmSettings(database: Database): Settings {
  const query = queryOn(database)
  const get = async (key: string) => {
    const [row] = await query('select value from settings where key = $1', [key])
    return row?.value as string | undefined
  }
  return {
    get,
    async keep(key, value) {
      await query.change('insert into settings (key, value) values ($1, $2) on conflict (key) do nothing', [key, value])
      return (await get(key))!
    },
    async set(key, value) {
      await query.change('insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value', [
        key,
        value,
      ])
    },
  }
}

/** Names the store, until it is restored from a copy: then it takes another name, with `set`. */
export const EPOCH = 'epoch'
