import { memoryBlobs } from '../../src/adapters/files/memory.ts'
import { connect, type Database } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import { SYSTEM_ID } from '../../src/domain/ids.ts'
import type { OutboundPorts } from '../../src/main/compose.ts'
import { type DatabaseKind, freshDatabase } from './databases.ts'
import { type Flat, flatMemory, flatTables } from './erased/flat.ts'
import { erasedWorld } from './erased/world.ts'
import { interruptible, WHENS, type When } from './interrupted.ts'
import { tempFolder } from './places.ts'

/** What a world does wrong. */
export type Sabotage = (ports: OutboundPorts) => Partial<OutboundPorts>
export type Opened = Awaited<ReturnType<Worlds['open']>>
export type Worlds = Awaited<ReturnType<typeof worldsOn>>

/** Worlds of which one call of a port can be interrupted, one after the other, each on an empty store. Postgres has one database for all. */
export async function worldsOn(kind: DatabaseKind) {
  const fresh = kind === 'postgres' ? await freshDatabase() : undefined
  const folder = await tempFolder()

  async function opened(): Promise<Database | undefined> {
    if (kind === 'memory') return undefined
    const database = await connect(fresh?.url ?? 'sqlite::memory:')
    await migrate(database)
    if (fresh) await empty(database)
    return database
  }
  return {
    async open(sabotage: Sabotage = () => ({})) {
      const database = await opened()
      const ports = interruptible()
      const blobs = memoryBlobs()
      // When a device is told of something depends on the clock of the database.
      const push = (given: OutboundPorts) => ({ ...given.push, send: async () => 'sent' as const })
      const change: Sabotage = (given) => ({ ...ports.change({ ...given, ...sabotage(given) }), push: push(given) })
      const world = await erasedWorld({ database, blobs, folder: folder.path, change })
      return {
        world,
        ports,
        /** What the store holds and which bytes are stored. What is done in the background is noted in the settings. */
        async flat(): Promise<Flat> {
          const rows = database ? await flatTables(database) : flatMemory(world.store)
          return new Map([...rows, ['bytes', [...(await blobs.list()), ...(await blobs.listPieces())]]])
        },
        close: () => world.close(),
      }
    },
    async [Symbol.asyncDispose]() {
      await folder.remove()
      await fresh?.drop()
    },
  }
}

/** Without triggers: what they note would come back. */
async function empty(database: Database): Promise<void> {
  await queryOn(database).change(
    `do $$ declare name text; begin
      set local session_replication_role = replica;
      for name in select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
        and table_name not in ('migrations', 'settings') loop
        execute format('delete from %I %s', name, case name when 'users' then 'where id <> ''${SYSTEM_ID}''' else '' end);
      end loop; end $$`,
    [],
  )
}

interface Step {
  readonly n: number
  readonly when: When
}

/** Each step of so many, interrupted before and after it; or at most so many of these that lie evenly among them. */
export function stepsOf(count: number, most = Number.POSITIVE_INFINITY): readonly Step[] {
  const all = Array.from({ length: count }, (_, i) => i + 1).flatMap((n) => WHENS.map((when) => ({ n, when })))
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / most)]!)
}
