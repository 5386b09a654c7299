import type { IForbiddenRuleType } from 'dependency-cruiser'
import { tableNames } from '../../src/adapters/mikro-orm/database/columns.ts'

/** Who may import what. A source file is bound by the room that it lies in. */
export interface Room {
  readonly files: string
  /** `$1` is the first group of `files`. */
  readonly mayImport: readonly string[]
}

const packages = '(^|/)node_modules/'
const node = '^(node:)?[a-z_/]+$'
const domain = '^src/domain/'
const application = '^src/application/'
const wire = '^src/adapters/wire/'
const redis = '^src/adapters/redis/'
const client = '^src/client/'
const contracts = '^src/contracts/'
const itself = '^src/adapters/$1/'
const anyRoom = '^src/[^/]+/'

export const rooms: Readonly<Record<string, Room>> = {
  'domain': { files: domain, mayImport: [domain] },
  'application': { files: application, mayImport: [application, domain] },
  'wire': { files: wire, mayImport: [wire, domain, application, `${packages}zod/`] },
  'client': { files: '^src/client/(?!react(\\.ts$|/))', mayImport: [client, domain, wire] },
  'bindings': { files: '^src/client/react(\\.ts$|/)', mayImport: [client, domain, wire, `${packages}(@types/)?react/`] },
  'contracts': { files: contracts, mayImport: [contracts, domain, application, `${packages}(vitest|fast-check)/`] },
  'adapter': {
    files: '^src/adapters/(memory|mikro-orm|auth|issuers|mail|metrics|push|system|tracing|files)/',
    mayImport: [itself, domain, application, packages, node],
  },
  'redis': { files: redis, mayImport: [redis, packages, node] },
  'on redis': { files: '^src/adapters/(bus|limits)/', mayImport: [itself, redis, domain, application, packages, node] },
  'edge': { files: '^src/adapters/(http|ws|webhook)/', mayImport: [itself, wire, domain, application, packages, node] },
  'main': { files: '^src/main/', mayImport: [anyRoom, packages, node] },
  'entry': { files: '^src/[^/]+\\.ts$', mayImport: [anyRoom, packages, node] },
  'page': { files: '^web/', mayImport: ['^web/', client, packages, node] },
}

/** A test in a room that is not listed would never be run. */
export const testRooms = '^test/(unit|properties|contracts|integration|acceptance|architecture|docs|packaging|e2e|browser|faults|support)/'

/** Arrows that never run between the rooms inside a room: from files of the first pattern to those of the second. */
const innerRules: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'shapes': [
    '^src/domain/(ids|chat|file|member|rules|ban|invitation|message|reaction|receipt|identity|scopes|factor|event|refusal)\\.ts$',
    '^src/domain/(?!(ids|chat|file|member|rules|ban|invitation|message|reaction|receipt|identity|scopes|factor|event|refusal)\\.ts$)',
  ],
  'decisions': ['^src/domain/(?!kinds/|evolve\\.ts$)', '^src/domain/(kinds/|evolve\\.ts$)'],
  'ports': ['^src/application/ports/', '^src/application/(?!ports/)'],
  'use cases': ['^src/application/(identity|chats|messages)/', '^src/application/live/'],
  'live': ['^src/application/live/', '^src/application/(identity|chats|messages)/'],
  'lane': ['^src/adapters/mikro-orm/lane/', '^src/adapters/mikro-orm/(?!lane/|database/)'],
  'copy': ['^src/client/copy/', '^src/client/(?!copy/|calls/read-|types\\.ts$)'],
}

/** What dependency-cruiser looks for: leaving one's room, and what concerns all rooms. */
export const importRules = [
  ...Object.entries(rooms).map(([name, { files, mayImport }]) => ({
    name,
    from: { path: files },
    to: { pathNot: [...mayImport], couldNotResolve: false },
  })),
  ...Object.entries(innerRules).map(([name, [from, to]]) => ({ name, from: { path: from }, to: { path: to } })),
  {
    name: 'container',
    from: { path: '^src/', pathNot: '^src/main/container\\.ts$' },
    to: { path: `${packages}(tsyringe|reflect-metadata)/` },
  },
  {
    name: 'cycle',
    from: { path: '^(src|web)/' },
    to: { circular: true },
  },
  { name: 'unresolved', from: { path: '^(src|web)/' }, to: { couldNotResolve: true } },
] satisfies IForbiddenRuleType[]

/** What may be written where. Comments and quoted text, but for names of Node's modules, are taken out before looking. */
export interface Ban {
  readonly pattern: RegExp
  readonly files: RegExp
  /** Matched against `file: what was found`. */
  readonly except?: RegExp
  /** Quoted text is looked at, too. */
  readonly inQuotes?: true
}

/** What the store makes in a database besides the tables of the schema. */
const OTHER_NAMES = 'migrations|search_\\w+|file_(?:unlink|linked|loose)'
const dataNames = `(?:${tableNames.join('|')}|${OTHER_NAMES}|\\$\\{\\w*[tT]able\\w*\\})`
const BEFORE_NAMES =
  "(?:from|join|into|update|table|using|references|exists|truncate|trigger \\w+ (?:before|after)[^`']*? on|index \\w+ on)"

export const bans: Readonly<Record<string, Ban>> = {
  'time': {
    pattern: /\bDate\.now\b|\bDate\(\s*\)|\bnew Date\b(?!\s*\()|\bperformance\.now\b|\bhrtime\b/g,
    files: /^src\//,
    except: /^src\/(adapters\/system\/|main\/config\.ts|client\/platform\/platform\.ts)/,
  },
  'randomness': {
    pattern: /\bMath\.random\b|\brandomUUID/g,
    files: /^src\//,
    except: /^src\/(adapters\/system\/|main\/config\.ts|client\/platform\/platform\.ts)/,
  },
  'settings': {
    pattern: /\bprocess\.env\b|'node:process'/g,
    files: /^src\//,
    except: /^src\/(adapters\/system\/|main\/config\.ts)/,
  },
  'timer': { pattern: /\bset(Timeout|Interval|Immediate)\b/g, files: /^src\/(domain|application)\// },
  /** A statement says `{messages}`: where the table is, only the connection knows. */
  'table': {
    pattern: new RegExp(
      `\\b${BEFORE_NAMES}\\s+(?:lateral\\s+|only\\s+)?${dataNames}(?![\\w}])|(?<=['\`])${dataNames} (?:\\w+ )?(?:join|where)\\b`,
      'g',
    ),
    files: /^src\/(adapters\/(mikro-orm|bus)|main)\//,
    inQuotes: true,
  },
  /** In SQLite they belong to the whole file. */
  'index': {
    pattern: /\b(?:create|drop) (?:unique )?(?:index|trigger) (?:if (?:not )?exists )?[a-z]\w*/g,
    files: /^src\/adapters\/mikro-orm\/database\/migrations\/sqlite\//,
    inQuotes: true,
  },
  /** In Postgres they belong to a schema. */
  'function': {
    pattern: /\b(?:function|drop index|drop table|drop trigger \w+ on) (?:if exists )?[a-z]\w*\(?/g,
    files: /^src\/adapters\/mikro-orm\/database\/migrations\/postgres\//,
    except: /: function \w+$/,
    inQuotes: true,
  },
  'decorator': { pattern: /^\s*@[A-Za-z_]/gm, files: /^src\// },
  'class': {
    pattern: /\bclass\s+\w+|\bclass\s*\{/g,
    files: /^src\//,
    except: /^src\/domain\/refusal\.ts: class Refusal$|^src\/adapters\/mikro-orm\/database\/migrations\/\w+\/[\w-]+\.ts: class \w+$/,
  },
  /** The ORM would keep a transaction open over several turns, or run a statement with its values written into the text. */
  'run by the orm': {
    pattern:
      /\.(persist|flush|transactional|begin|findOne\w*|native\w+|upsert\w*|execute|getResult\w*|getSingleResult|getFormattedQuery)\(/g,
    files: /^src\/adapters\/mikro-orm\//,
    // A follower's transaction is the host's ORM's, not ours.
    except: /^src\/adapters\/mikro-orm\/(database\/migrate\.ts|lane\/round\.ts: \.execute|relay\/transactions\.ts: \.begin)/,
  },
}
