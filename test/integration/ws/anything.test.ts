import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clientFrames } from '../../../src/adapters/wire/frames.ts'
import { connect } from '../../support/socket-client.ts'
import { eventually } from '../../support/waiting.ts'
import { given } from './given.ts'

/** Whatever comes, the server lives, and what has a ref has one answer. */
it('whatever is sent, every ref is answered once and the server serves on', { timeout: 60_000 }, async () => {
  await using at = await given()
  const [anna, boris] = [await at.person('Анна'), await at.person('Борис')]
  const chats = [await at.group(anna, boris), await at.group(boris)]
  const { view } = await at.say(anna, chats[0]!, 'раз')

  const id = fc.oneof(fc.constantFrom(...chats, boris.userId, view.message.id), fc.uuid(), fc.string({ maxLength: 5 }))
  const members = fc.record(
    {
      chat_id: id,
      user_id: id,
      message_id: id,
      client_message_id: fc.string({ maxLength: 4 }),
      text: fc.oneof(fc.string({ unit: 'binary' }), fc.constant(' ')),
      reply_to: id,
      version: fc.integer(),
      seq: fc.oneof(fc.integer(), fc.double()),
      after: fc.oneof(fc.nat(3), fc.maxSafeInteger()),
      limit: fc.integer({ min: -1, max: 101 }),
      active: fc.boolean(),
      mute: fc.boolean(),
      epoch: fc.string(),
      cursors: fc.dictionary(id, fc.integer({ min: -1, max: 5 }), { maxKeys: 3 }),
    },
    { requiredKeys: [] },
  )
  const known = fc
    .tuple(fc.constantFrom(...Object.keys(clientFrames).filter((type) => type !== 'authorize')), members)
    .map(([type, all]) => {
      const schema = clientFrames[type as keyof typeof clientFrames].schema
      const shapes = 'options' in schema ? schema.options.map(({ shape }) => shape) : [schema.shape]
      const names = new Set(shapes.flatMap((shape) => Object.keys(shape)))
      return { ...Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name))), type }
    })
  const frame = fc.oneof(
    { weight: 8, arbitrary: known },
    fc.object(),
    fc.tuple(known, fc.object()).map(([one, other]) => ({ ...other, ...one })),
  )
  const noise = fc.oneof(fc.string({ unit: 'binary' }), fc.json()).map((text) => ({ noise: text }))

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 5, arbitrary: frame }, noise), { size: 'max', maxLength: 60 }),
      fc.boolean(),
      async (sent, isKnown) => {
        const socket = await connect(at.url, { token: isKnown ? anna.token : undefined })
        const refs: string[] = []
        for (const [i, what] of sent.entries()) {
          if ('noise' in what) socket.send(what.noise)
          else {
            refs.push(`r${i}`)
            socket.send({ ...what, ref: `r${i}` })
          }
        }
        const answers = () => [...socket.of('ok'), ...socket.of('error')].map(({ ref }) => ref).filter((ref) => ref?.startsWith('r'))
        await eventually(() => {
          if (answers().length < refs.length) throw new Error(`${refs.length - answers().length} refs are not answered`)
        })
        await socket.ask('ping', {})
        if (answers().length !== refs.length || new Set(answers()).size !== refs.length) throw new Error('a ref was answered twice')
        await socket.close()
      },
    ),
    { numRuns: 40 },
  )
  expect(at.defects).toEqual([])
})
