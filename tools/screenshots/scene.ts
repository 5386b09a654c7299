/** Somebody of the scene, and how they call the service. */
export interface Person {
  readonly id: string
  readonly call: (method: string, path: string, body?: object) => Promise<{ readonly id: string; readonly seq: number }>
}

const names = {
  anna: 'Anna Berg',
  mira: 'Mira Lindqvist',
  tom: 'Tom Okafor',
  leo: 'Leo Martins',
  zhenya: 'Женя Соколова',
  yuki: 'Yuki Tanaka',
} as const
type Scene = Readonly<Record<keyof typeof names, Person>>

/** Registers everybody. */
export async function people(url: string): Promise<Scene> {
  const made = Object.entries(names).map(async ([username, name]) => {
    const account = { name, username, email: `${username}@example.com`, password: 'correct horse battery' }
    const session = (await ask(`${url}/api/v1/auth/register`, 'POST', account)) as { access_token: string; user: { id: string } }
    const call: Person['call'] = async (method, path, body) =>
      (await ask(`${url}/api/v1${path}`, method, body, session.access_token)) as Awaited<ReturnType<Person['call']>>
    return [username, { id: session.user.id, call }]
  })
  return Object.fromEntries(await Promise.all(made)) as Scene
}

async function ask(url: string, method: string, body?: object, token?: string): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`)
  return response.status === 204 ? undefined : response.json()
}

let key = 0
const say = (who: Person, chatId: string, text: string, replyTo?: string) =>
  who.call('POST', `/chats/${chatId}/messages`, { client_message_id: `scene-${++key}`, text, ...(replyTo && { reply_to: replyTo }) })

/** A few chats as people have them. */
export async function tell({ anna, mira, tom, leo, zhenya, yuki }: Scene): Promise<void> {
  const alone = async (other: Person) => (await other.call('POST', '/chats', { kind: 'private', user_id: anna.id })).id

  const withYuki = await alone(yuki)
  await say(yuki, withYuki, 'The slides are in the shared folder: https://example.org/slides')
  await say(anna, withYuki, 'Thank you! I will look at them tonight.')

  const withZhenya = await alone(zhenya)
  await say(zhenya, withZhenya, 'Привет! Ты завтра в городе?')
  await say(anna, withZhenya, 'Да, весь день. Хочешь, пообедаем?')
  await say(zhenya, withZhenya, 'Давай. В час, там же, где в прошлый раз?')
  const lunch = await say(anna, withZhenya, 'Отлично, столик закажу я.')
  await say(zhenya, withZhenya, 'Тогда я угощаю кофе', lunch.id)
  await say(zhenya, withZhenya, 'И захвати, пожалуйста, ту книгу про маяки')

  const withTom = await alone(tom)
  await say(anna, withTom, 'Did the new boots hold up?')
  await say(tom, withTom, 'Better than my knees did. 22 km yesterday.')

  const { id: group } = await anna.call('POST', '/chats', {
    kind: 'group',
    name: 'Harbour weekend',
    member_ids: [mira.id, tom.id, leo.id, yuki.id],
  })
  await anna.call('PATCH', `/chats/${group}/members/${mira.id}`, { role: 'admin' })
  await say(leo, group, 'So: Saturday or Sunday for the boat?')
  await say(tom, group, 'Saturday. The forecast says 18 degrees and hardly any wind.')
  const boat = await say(tom, group, 'I can pick up the keys on Friday evening.')
  await say(mira, group, 'Saturday works. I bring bread, cheese and the big blanket.')
  await say(anna, group, 'Then it is settled. I book the boat for eleven.', boat.id)
  const time = await say(anna, group, 'The harbour café has breakfast from nine, in case somebody is up that early.')
  await say(yuki, group, 'Up that early? On a Saturday?')
  await say(leo, group, 'I will be there. Somebody has to taste the cinnamon rolls before they are gone.', time.id)
  await say(mira, group, 'Keep one for me!')

  const withMira = await alone(mira)
  await say(mira, withMira, 'Are you still up for the harbour on Saturday?')
  const question = await say(mira, withMira, 'Leo asks whether we take the early train or the one at eleven.')
  await say(anna, withMira, 'The early one! Otherwise the café is full.', question.id)
  const platform = await say(anna, withMira, 'It leaves at 9:12 from platform 4, I have looked it up: https://example.org/trains')
  await anna.call('PATCH', `/chats/${withMira}/messages/${platform.id}`, {
    text: 'It leaves at 9:12 from platform 4, I have looked it up: https://example.org/timetable',
  })
  await say(mira, withMira, 'You are the best. Shall I get the tickets for all of us?')
  await say(anna, withMira, 'Please do. Five of us, and one bicycle.')
  await say(mira, withMira, 'Five and a bicycle. Done — see you at the station!')
}
