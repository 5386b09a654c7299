import { closes } from './closes.ts'
import { type ClientFrameKind, type ClientFrameType, clientFrames, serverFrames } from './frames.ts'
import { components, type Json, reference } from './json-schema.ts'
import { commandFrames, pascal, results, sentFrames } from './named-schemas.ts'
import { BASE_PATH, SOCKET_PATH } from './routes.ts'

const about = `One socket serves all chats of its user: one JSON object per text frame. The first frame is \`authorize\`, unless the upgrade
carried an \`Authorization\` header; then \`resume\`, with the last \`seq\` that you have applied in each chat. A frame with a \`ref\` gets
exactly one \`ok\` or \`error\`; without a \`ref\`, success is silent. \`ok\` means committed.

The rule of every client for events: \`seq == last + 1\` apply, \`seq <= last\` ignore, \`seq > last + 1\` hold it and \`fetch\` from \`last\`. A \`skip\`
that touches \`last\` moves it. A larger head in \`heads\`, or a \`gap\`: \`fetch\`.

| close code | name | reconnect | |
|---|---|---|---|
${Object.entries(closes)
  .map(([code, { name, comesBack, meaning }]) => `| ${code} | ${name} | ${comesBack ? 'yes, with jitter' : 'no'} | ${meaning} |`)
  .join('\n')}`

const channel = { $ref: '#/channels/socket' }
const onSocket = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` })
const message = (name: string, summary: string, payload: Json) => ({ name, title: name, summary, contentType: 'application/json', payload })
const okOf = (type: string) => `${pascal(type)}Ok`

/** Returns the AsyncAPI 3.1 document of the socket, from the server's point of view: it receives commands and sends frames. */
export function asyncapi({
  version,
  host = 'localhost:8000',
  protocol = 'ws',
}: {
  readonly version: string
  readonly host?: string
  readonly protocol?: 'ws' | 'wss'
}): Json {
  const messages = messagesByName()
  return {
    asyncapi: '3.1.0',
    info: { title: 'windi-chat', version, description: about, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    servers: { here: { host, protocol, pathname: BASE_PATH, security: [{ $ref: '#/components/securitySchemes/bearer' }] } },
    channels: {
      socket: {
        address: SOCKET_PATH.slice(BASE_PATH.length),
        title: 'WebSocket',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: { ...commands(), ...sendings() },
    components: {
      messages,
      schemas: { ...components(commandFrames, 'input'), ...components({ ...results, ...sentFrames }, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An access token; browsers send the frame `authorize` instead.' },
      },
    },
  }
}

function messagesByName(): Record<string, Json> {
  const all: Record<string, Json> = {}
  for (const [type, { summary, schema, result }] of Object.entries(clientFrames) as [ClientFrameType, ClientFrameKind][]) {
    all[pascal(type)] = message(type, summary, reference(commandFrames, schema))
    all[okOf(type)] = message('ok', `${type} succeeded`, {
      type: 'object',
      properties: { type: { const: 'ok' }, ref: { type: 'string' }, result: reference(results, result) },
      required: ['type', 'ref', 'result'],
    })
  }
  for (const [type, { summary, schema }] of Object.entries(serverFrames))
    all[sentAs(type)] = message(type, summary, reference(sentFrames, schema))
  return all
}

const sentAs = (type: string) => `${pascal(type)}Sent`

const commands = (): Json =>
  Object.fromEntries(
    (Object.entries(clientFrames) as [ClientFrameType, ClientFrameKind][]).map(([type, { summary, problems }]) => [
      `client.${type}`,
      {
        action: 'receive',
        summary,
        description: `Refused with ${[...problems, 'invalid', 'unauthenticated'].map((code) => `\`${code}\``).join(', ')}.`,
        channel,
        messages: [onSocket(pascal(type))],
        reply: { channel, messages: [onSocket(okOf(type)), onSocket(sentAs('error'))] },
      },
    ]),
  )

const sendings = (): Json =>
  Object.fromEntries(
    Object.entries(serverFrames).map(([type, { summary }]) => [
      `server.${type}`,
      { action: 'send', summary, channel, messages: [onSocket(sentAs(type))] },
    ]),
  )
