import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const place = fileURLToPath(new URL('planted.ts', import.meta.url))

const preamble = [
  `import type { AnswerOf, FrameHandlers, Handlers, RequestOf } from '../../../src/adapters/wire/handlers.ts'`,
  `import type { Message } from '../../../src/adapters/wire/schemas/messages.ts'`,
  `import type { ChatId, UserId } from '../../../src/domain/ids.ts'`,
  `declare const message: Message`,
  `declare const handlers: Handlers<'anybody', 'caller'>`,
  `declare const frames: FrameHandlers<'caller'>`,
  `declare const userId: UserId`,
]

/** What the compiler accepts, and below it what it has to refuse. */
const good = [
  `export const a1: AnswerOf<'logout'> = { status: 204 }`,
  `export const a2: AnswerOf<'sendMessage'> = { status: 201, body: message }`,
  `export const a3: AnswerOf<'sendMessage'> = { status: 200, body: message, headers: { 'Idempotency-Replayed': 'true' } }`,
  `export const a4: AnswerOf<'issueToken'> = { status: 400, body: { error: 'invalid_grant' } }`,
  `export const a5: Handlers<'anybody', 'caller'> = { ...handlers, async logout(_caller: 'caller') { return { status: 204 } } }`,
  `export const a6: { chat_id: ChatId; user_id: UserId } = null! as RequestOf<'changeRole'>['params']`,
  `export const a7: undefined = null! as RequestOf<'getMe'>['body']`,
  `export const a8: FrameHandlers<'caller'> = { ...frames, async ping(_caller, { type }: { type: 'ping' }) { return { heads: { [type]: 1 } } } }`,
]
const bad = {
  'an undeclared status': `export const b1: AnswerOf<'logout'> = { status: 200 }`,
  'a body where there is none': `export const b2: AnswerOf<'logout'> = { status: 204, body: { done: true } }`,
  'a missing body': `export const b3: AnswerOf<'sendMessage'> = { status: 201 }`,
  'a body of another shape': `export const b4: AnswerOf<'sendMessage'> = { status: 201, body: { id: 'x' } }`,
  'a misspelt member of a body': `export const b5: AnswerOf<'sendMessage'> = { status: 201, body: { ...message, txet: 'x' } }`,
  'a missing header': `export const b6: AnswerOf<'sendMessage'> = { status: 200, body: message }`,
  'an undeclared header': `export const b7: AnswerOf<'sendMessage'> = { status: 201, body: message, headers: { Link: 'x' } }`,
  'a code that RFC 6749 does not know': `export const b8: AnswerOf<'issueToken'> = { status: 400, body: { error: 'no' } }`,
  'a missing handler': `export const b9: Handlers<'anybody', 'caller'> = { ...handlers, getMe: undefined }`,
  'a misspelt handler': `export const c1: Handlers<'anybody', 'caller'> = { ...handlers, getMee: handlers.getMe }`,
  'somebody signed in where nobody needs to be': `export const c2: Handlers<'anybody', 'caller'> = { ...handlers, async login(_: 'caller') { throw _ } }`,
  'an id of another kind': `export const c3: RequestOf<'getChat'>['params'] = { chat_id: userId }`,
  'a missing frame': `export const c4: FrameHandlers<'caller'> = { ...frames, ping: undefined }`,
  'a result of another frame': `export const c5: FrameHandlers<'caller'> = { ...frames, async ping() { return { seq: 1 } } }`,
}

/** The lines of `lines` at which the compiler finds something wrong. */
function refused(lines: readonly string[]): Set<string> {
  const source = [...preamble, ...lines].join('\n')
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config as { compilerOptions: Record<string, unknown> }
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [place] }, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === place || fileExists(name)
  host.getSourceFile = (name, target) => (name === place ? ts.createSourceFile(name, source, target) : getSourceFile(name, target))
  const program = ts.createProgram([place], options, host)
  const planted = program.getSourceFile(place)
  const found = [...program.getSyntacticDiagnostics(planted), ...program.getSemanticDiagnostics(planted)]
  return new Set(found.map(({ start }) => [...preamble, ...lines][ts.getLineAndCharacterOfPosition(planted!, start!).line]!))
}

describe('the types of handlers', () => {
  const found = refused([...good, ...Object.values(bad)])

  it('let through what the tables declare', () => {
    expect([...preamble, ...good].filter((line) => found.has(line))).toEqual([])
  })

  it.each(Object.entries(bad))('do not compile with %s', (_, line) => {
    expect(found).toContain(line)
  })
})
