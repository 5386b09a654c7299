import { describe, expect, it } from 'vitest'
import { asyncapi } from '../../../src/adapters/wire/asyncapi.ts'
import { type Endpoint, endpoints } from '../../../src/adapters/wire/endpoints.ts'
import { clientFrames, serverFrames } from '../../../src/adapters/wire/frames.ts'
import { bodies, commandFrames, replies, results, sentFrames } from '../../../src/adapters/wire/named-schemas.ts'
import { openapi } from '../../../src/adapters/wire/openapi.ts'
import { problems } from '../../../src/adapters/wire/problems.ts'

type Node = Record<string, unknown>

/** Every `$ref` below, and whether it leads somewhere in the document. */
function refs(document: Node): { ref: string; leadsTo: unknown }[] {
  const found: string[] = []
  JSON.stringify(document, (key, value: unknown) => {
    if (key === '$ref') found.push(String(value))
    return value
  })
  return found.map((ref) => ({ ref, leadsTo: at(document, ref) }))
}

const at = (document: Node, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, step) => (node as Node | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document)

const dangling = (document: Node) => refs(document).filter(({ ref, leadsTo }) => !ref.startsWith('#/') || leadsTo === undefined)

const unused = (document: Node, kind: string): string[] => {
  const used = new Set(refs(document).map(({ ref }) => ref))
  return Object.keys((document['components'] as Record<string, Node>)[kind]!).filter((name) => !used.has(`#/components/${kind}/${name}`))
}

describe('the OpenAPI document', () => {
  const document = openapi({ version: '1.2.3' })
  const operations = Object.values(document['paths'] as Record<string, Record<string, Node>>).flatMap((path) => Object.values(path))

  it('has every endpoint of the table under its own name', () => {
    expect(new Set(operations.map((operation) => operation['operationId']))).toEqual(new Set(Object.keys(endpoints)))
    expect(operations).toHaveLength(Object.keys(endpoints).length)
  })

  it('leads nowhere by no reference, and holds nothing that nobody refers to', () => {
    expect(dangling(document)).toEqual([])
    expect(unused(document, 'schemas')).toEqual([])
    expect(unused(document, 'headers')).toEqual(['Allow'])
    expect(unused(document, 'examples')).toEqual(['unknown-type', 'method-not-allowed', 'already-resumed'])
  })

  it('would notice a reference that leads nowhere', () => {
    expect(dangling({ ...document, more: { $ref: '#/components/schemas/Nobody' } })).toHaveLength(1)
  })

  it.each(Object.entries<Endpoint>(endpoints))('names every parameter of the path of %s', (id, { path, params = {} }) => {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(inPath, id).toEqual(Object.keys(params))
  })

  it('gives each schema one name, and each name one schema', () => {
    const all = { ...bodies, ...replies }
    expect(Object.keys(all)).toHaveLength(Object.keys(bodies).length + Object.keys(replies).length)
    expect(new Set(Object.values(all)).size).toBe(Object.keys(all).length)
  })

  it('refuses unknown members in requests and lets replies grow', () => {
    const schemas = (document['components'] as Record<string, Record<string, Node>>)['schemas']!
    expect(schemas['NewMessage']).toMatchObject({
      anyOf: [
        { additionalProperties: false, required: ['client_message_id'] },
        { additionalProperties: false, required: ['client_message_id', 'forward'] },
      ],
    })
    expect(schemas['Message']).not.toHaveProperty('additionalProperties')
    expect(schemas['TokenForm']).not.toHaveProperty('additionalProperties')
  })

  it('answers every refusal as a problem object with an example', () => {
    const sending = operations.find((operation) => operation['operationId'] === 'sendMessage')!
    const responses = sending['responses'] as Record<string, { content: Node }>
    expect(Object.keys(responses)).toEqual(['200', '201', '400', '401', '403', '404', '409', '413', '415', '422', '429', '500', '503'])
    expect(responses['409']!.content).toEqual({
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: {
          'message-deleted': { $ref: '#/components/examples/message-deleted' },
          'key-reused': { $ref: '#/components/examples/key-reused' },
        },
      },
    })
  })

  it('says numbers and limits of parameters as they are meant', () => {
    const listing = operations.find((operation) => operation['operationId'] === 'listMessages')!
    const parameters = listing['parameters'] as Node[]
    expect(parameters.find(({ name }) => name === 'limit')).toMatchObject({
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
    })
    expect(parameters.find(({ name }) => name === 'count')).toMatchObject({ schema: { type: 'boolean', default: false } })
  })

  it('lets the Authorize button of Swagger UI sign in', () => {
    expect(document).toMatchObject({
      components: { securitySchemes: { password: { type: 'oauth2', flows: { password: { tokenUrl: '/api/v1/auth/token' } } } } },
    })
  })
})

describe('the AsyncAPI document', () => {
  const document = asyncapi({ version: '1.2.3' })

  it('has every frame of the tables', () => {
    const expected = [
      ...Object.keys(clientFrames).map((type) => `client.${type}`),
      ...Object.keys(serverFrames).map((type) => `server.${type}`),
    ]
    expect(Object.keys(document['operations'] as Node)).toEqual(expected)
  })

  it('leads nowhere by no reference, and holds nothing that nobody refers to', () => {
    expect(dangling(document)).toEqual([])
    expect(unused(document, 'schemas')).toEqual([])
    expect(unused(document, 'messages')).toEqual([])
  })

  it('calls no two schemas the same', () => {
    const names = [commandFrames, results, sentFrames].flatMap((named) => Object.keys(named))
    expect(new Set(names).size).toBe(names.length)
  })

  it('names no problem that there is not', () => {
    for (const { problems: own } of Object.values(clientFrames)) for (const code of own) expect(problems).toHaveProperty(code)
  })
})
