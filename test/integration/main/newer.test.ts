import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { SqliteDatabase } from '../../../src/adapters/mikro-orm/database/connect.ts'
import { defaultConfig } from '../../../src/main/config.ts'
import { openApplication } from '../../../src/main/container.ts'
import { silent } from '../../../src/main/logging.ts'
import { tempFolder } from '../../support/places.ts'

it('tables that a newer program has changed are left alone: the start is refused with the reason', async () => {
  const folder = await tempFolder('windi-chat-newer')
  const config = { ...defaultConfig(), databaseUrl: `sqlite:${join(folder.path, 'chat.db')}` }
  const app = await openApplication({ config, log: silent() })
  const { handle } = app.store.connection as SqliteDatabase
  handle.exec("insert into migrations (name, executed_at) values ('9999-from-the-future', 0)")
  await app.close()
  await expect(openApplication({ config, log: silent() })).rejects.toThrow(
    /A newer version has changed the tables \(9999-from-the-future\)/,
  )
  await folder.remove()
})
