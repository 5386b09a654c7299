import { asyncapi } from '../../src/adapters/wire/asyncapi.ts'
import { closes, comesBack } from '../../src/adapters/wire/closes.ts'
import { type ClientFrameKind, clientFrames, type ServerFrameKind, serverFrames } from '../../src/adapters/wire/frames.ts'
import { pascal } from '../../src/adapters/wire/named-schemas.ts'
import { SOCKET_PATH } from '../../src/adapters/wire/routes.ts'
import { code, head, next, table } from './markdown.ts'
import { members, type Shape, typeOf } from './shapes.ts'

/** Every frame of the WebSocket interface, from the tables of frames. */
export function websocketReference(): string {
  const { components } = asyncapi({ version: '' }) as unknown as { components: { schemas: Record<string, Shape> } }
  const { schemas } = components
  const isFrame = (name: string) => /(Frame|Sent)$/.test(name) || Object.keys(clientFrames).some((type) => name === `${pascal(type)}Result`)
  const sent = (type: string, { summary, problems }: ClientFrameKind) =>
    [
      `### ${type}`,
      `${summary}.`,
      members(schemas[`${pascal(type)}Frame`]!, { without: ['type', 'ref'] }) || 'No members.',
      resultText(type, schemas),
      problems.length > 0 ? `Errors: ${problems.map((each) => `[${code(each)}](errors.md#${each})`).join(', ')}` : '',
    ]
      .filter(Boolean)
      .join('\n\n')
  const received = (type: string, { summary }: ServerFrameKind) =>
    [`### ${type} (from the server)`, `${summary}.`, members(schemas[`${pascal(type)}Sent`]!, { without: ['type'] })]
      .filter(Boolean)
      .join('\n\n')
  const rest = Object.entries(schemas).filter(([name]) => !isFrame(name) && name !== 'Nothing')

  return [
    head(
      'WebSocket reference',
      `Which frames are there? One socket at \`${SOCKET_PATH}\` serves all chats of a user; each text frame is one JSON object.`,
    ),
    'Authenticate with an `Authorization` header on the upgrade, or with the first frame `authorize`. Nothing of any chat is sent before `resume`.',
    'A frame with `ref` (1–64 characters) gets exactly one `ok` or `error` with the same `ref`; without `ref`, success is silent.',
    'The same as [AsyncAPI 3](../asyncapi.json). A [transcript](../extend/transcript.md) shows one connection.\n',
    '## Client to server\n',
    Object.entries<ClientFrameKind>(clientFrames)
      .map(([type, kind]) => sent(type, kind))
      .join('\n\n'),
    '\n## Server to client\n',
    Object.entries<ServerFrameKind>(serverFrames)
      .map(([type, kind]) => received(type, kind))
      .join('\n\n'),
    '\n## Close codes\n',
    table(
      ['Code', 'Means', 'Connect again'],
      Object.entries(closes).map(([number, { meaning }]) => [
        number,
        meaning,
        comesBack(Number(number)) ? 'yes, with jitter' : 'only after something has changed',
      ]),
    ),
    '\n## Shapes\n',
    rest.map(([name, shape]) => `### ${name}\n\n${members(shape) || typeOf(shape)}`).join('\n\n'),
    next('[write a client](../extend/write-a-client.md).'),
  ].join('\n')
}

function resultText(type: string, schemas: Readonly<Record<string, Shape>>): string {
  const own = schemas[`${pascal(type)}Result`]
  return own ? `Result of its \`ok\`:\n\n${members(own)}` : ''
}
