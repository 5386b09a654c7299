/** An order and the message about it are committed together, or neither is. */

import { database } from '@windi-chat/server/database'
import Database from 'better-sqlite3'
import { embed } from 'windi-chat'

const shop = new Database('shop.db')
shop.exec('create table if not exists orders (id integer primary key)')
const chat = embed(await database({ sqlite: shop }))
const [seller, anna] = await chat.people.upsert([
  { externalId: 'shop', name: 'The shop' },
  { externalId: 'anna', name: 'Anna' },
])

async function order(id: number, isInStock: boolean): Promise<void> {
  shop.exec('begin immediate')
  try {
    shop.prepare('insert into orders (id) values (?)').run(id)
    const message = { userId: anna!.userId, clientMessageId: `order-${id}`, text: `Order ${id} is on its way` }
    await chat.within(shop).as(seller!.userId).sendMessageToUser(message)
    if (!isInStock) throw new Error('out of stock')
    shop.exec('commit')
  } catch {
    shop.exec('rollback')
  }
}

await order(1, true)
await order(2, false)
const { items } = await chat.as(anna!.userId).listChats({}, { from: undefined, limit: 1 })
console.log(shop.prepare('select id from orders').all(), items[0]!.lastMessage?.message.text)
await chat.close()
shop.close()
