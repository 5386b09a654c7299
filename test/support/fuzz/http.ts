import { chance as chanceOf } from './chance.ts'
import { newScene, type Scene, type Standing } from './scene.ts'
import { type Making, type Schema, valueOf } from './values.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}
/** As far as it is read. */
export interface OpenApi {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** What happened that must not. With the seed, it happens again. */
export interface Fault {
  readonly seed: number
  readonly number: number
  readonly what: string
}

export interface Fuzzed {
  readonly count: number
  /** How often each answer came. */
  readonly answers: Readonly<Record<string, number>>
  readonly faults: readonly Fault[]
}

const SCENE_LASTS = 150
const TIMEOUT_MS = 20_000
const FAULTS_MAX = 20
/** A request may meet these whatever it asks for, and a key whose scopes do not suffice 403. */
const ANYWHERE = new Set(['400', '401', '404', '408', '411', '413', '414', '415', '422', '429', '431'])

/** Requests made of the OpenAPI document, one after another. An answer of 500 and above, none at all, or one the document does not know, is a fault. */
export async function fuzzHttp(document: OpenApi, at: Standing, { seed, count }: { seed: number; count: number }): Promise<Fuzzed> {
  const chance = chanceOf(seed)
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => ('operationId' in operation ? [{ path, method, operation }] : [])),
  )
  const answers: Record<string, number> = {}
  const faults: Fault[] = []
  let scene: Scene | undefined
  for (let number = 0; number < count && faults.length < FAULTS_MAX; number++) {
    if (number % SCENE_LASTS === 0) scene = undefined
    scene ??= await newScene(at, chance)
    const { path, method, operation } = chance.of(operations)
    const making: Making = { chance, schemas: document.components.schemas, known: scene.known }
    const { url, init, isKey } = request(making, {
      path: at.url + document.servers[0]!.url + path,
      method,
      operation,
      tokens: scene.tokens,
    })
    const outcome = await fetch(url, init).then(statusOf, (error: unknown) => `no answer: ${String((error as Error).cause ?? error)}`)
    answers[outcome] = (answers[outcome] ?? 0) + 1
    const isFault = !/^[1-4]/.test(outcome) || !(outcome in operation.responses || ANYWHERE.has(outcome) || (isKey && outcome === '403'))
    if (isFault)
      faults.push({ seed, number, what: `${outcome}: ${method} ${url} ${(init.body as string | undefined)?.slice(0, 500) ?? ''}` })
    if (/^(deleteMe|deleteAccount|deleteUser|logout|changePassword|endSession)/.test(operation.operationId)) scene = undefined
  }
  return { count, answers, faults }
}

async function statusOf(response: Response): Promise<string> {
  await response.arrayBuffer()
  return String(response.status)
}

interface Asked {
  readonly path: string
  readonly method: string
  readonly operation: Operation
  readonly tokens: readonly (string | undefined)[]
}

function request(making: Making, { path, method, operation, tokens }: Asked): { url: string; init: RequestInit; isKey: boolean } {
  const { chance } = making
  const { parameters = [], requestBody } = operation
  const text = (parameter: Parameter) => {
    const value = valueOf(making, parameter.schema, parameter.name)
    return typeof value === 'string' ? value : JSON.stringify(value)
  }
  const of = (where: string) => parameters.filter((one) => one.in === where && (one.required || chance.is(0.4)))
  const inPath = Object.fromEntries(of('path').map((one) => [one.name, text(one)]))
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => segment(inPath[name] ?? ''))
  const query = new URLSearchParams(of('query').map((one) => [one.name, text(one).toWellFormed()])).toString()
  const headers: Record<string, string> = {}
  for (const one of of('header')) headers[one.name] = printable(text(one))
  const token = chance.of(tokens)
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  const body = requestBody && bodyOf(making, requestBody.content, headers)
  return {
    isKey: token?.startsWith('wck_') === true,
    url: query === '' ? address : `${address}?${query}`,
    init: {
      method: method.toUpperCase(),
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body !== undefined && { body }),
    },
  }
}

/** A segment with nothing in it, or dots alone, would be another path. */
const segment = (text: string) => encodeURIComponent(text.toWellFormed().slice(0, 1_000)).replace(/^\.*$/, '%2e%2e%2f')
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '').slice(0, 1_000)

/** An object of any kind, one without a prototype too, has JSON and perhaps no text. */
const shownAs = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function bodyOf(making: Making, content: Readonly<Record<string, { readonly schema: Schema }>>, headers: Record<string, string>): string {
  const { chance } = making
  const type = chance.of(Object.keys(content))
  headers['content-type'] = chance.is(0.02) ? 'text/plain' : type
  const value = valueOf(making, content[type]!.schema)
  if (type === 'application/x-www-form-urlencoded')
    return new URLSearchParams(Object.entries(value ?? {}).map(([name, one]) => [name, shownAs(one).toWellFormed()])).toString()
  if (type !== 'application/json') return shownAs(value).slice(0, 2_000)
  const json = JSON.stringify(value) ?? ''
  return chance.is(0.02) ? json.slice(0, chance.whole(0, json.length)) : json
}
