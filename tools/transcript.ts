import { fakeServer } from '../src/testing.ts'
import { head, next } from './reference/markdown.ts'

type Frame = Readonly<Record<string, unknown>>

/** The frames of one connection, both ways, as a page. The same code gives the same frames: clock and ids are those of the test server. */
export async function transcript(): Promise<string> {
  const server = fakeServer({ seed: 1 })
  const ann = server.addPerson('Ann')
  const bob = server.addPerson('Bob')
  const id = await bob.privateChat(ann.id)
  await bob.send(id, 'Are you there?')
  const lines: string[] = []
  const note = (text: string) => void lines.push('', `# ${text}`)
  const socket = new (server.device().platform.WebSocket!)('ws://fake.test/api/v1/ws')
  const received: Frame[] = []
  socket.onmessage = (({ data }: { data: string }) => {
    const frame = JSON.parse(data) as Frame
    received.push(frame)
    lines.push(`< ${JSON.stringify(frame)}`)
  }) as typeof socket.onmessage
  const got = (type: string, ref?: string) =>
    server.clock.until(() => received.some((frame) => frame['type'] === type && (ref === undefined || frame['ref'] === ref)))
  const send = async (frame: Frame) => {
    lines.push(`> ${JSON.stringify(frame)}`)
    socket.send(JSON.stringify(frame))
    if (frame['ref']) await server.clock.until(() => received.some(({ ref }) => ref === frame['ref']))
  }

  note('The server speaks first.')
  await got('hello')
  note('Authenticate.')
  await send({ type: 'authorize', token: ann.session().accessToken, ref: '1' })
  note('Resume: this client has applied event 1 of the chat, so it receives event 2 before the answer.')
  await send({ type: 'resume', cursors: { [id]: 1 }, ref: '2' })
  note('Subscribe to typing and presence.')
  await send({ type: 'join_chat', chat_id: id, ref: '3' })
  note('Send. The answer and the event come in either order.')
  await send({ type: 'send_message', chat_id: id, client_message_id: 'key-1', text: 'Yes!', ref: '4' })
  await got('event')
  note('The same key again: the stored message, and no second event.')
  await send({ type: 'send_message', chat_id: id, client_message_id: 'key-1', text: 'Yes!', ref: '5' })
  note('Mark as read. The other member does the same, and a receipt arrives.')
  await send({ type: 'mark_read', chat_id: id, seq: 2, ref: '6' })
  await bob.read(id)
  await got('receipt')
  note('The other member types.')
  bob.typing(id, true)
  await got('typing')
  note('A command that is refused leaves the socket open.')
  await send({ type: 'send_message', chat_id: id, client_message_id: 'key-2', text: '   ', ref: '7' })
  note('Events above a number, and a sign of life with the heads.')
  await send({ type: 'fetch', chat_id: id, after: 1, ref: '8' })
  await send({ type: 'ping', ref: '9' })
  socket.close()

  return [
    head('A transcript', 'What does one connection look like? `>` is what the client sends, `<` what the server sends.'),
    `\`\`\`text\n${lines.join('\n').trim()}\n\`\`\``,
    next('[each frame](../reference/websocket.md), [write a client](write-a-client.md).'),
  ].join('\n')
}
