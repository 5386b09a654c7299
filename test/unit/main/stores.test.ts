import { expect, it } from 'vitest'
import { queryOn } from '../../../src/adapters/mikro-orm/database/query.ts'
import { openStore } from '../../../src/main/stores.ts'

it('checking whether the store can be written leaves every setting as it is, however long', async () => {
  const store = await openStore({ databaseUrl: 'sqlite::memory:', newId: () => 'id', warn: () => {} })
  try {
    await store.migrate()
    const query = queryOn(store.connection!)
    await query.change('insert into settings (key, value) values ($1, $2)', ['theirs', 'y'.repeat(65_536)])
    const settings = () => query('select key, length(value) as length from settings order by key', [])
    const before = await settings()
    await store.checkWriting()
    await store.checkWriting()
    expect(await settings()).toEqual(before)
    expect(before).toContainEqual({ key: 'theirs', length: 65_536 })
  } finally {
    await store.close()
  }
})
