import { memoryStore } from '../../src/adapters/memory/store.ts'
import type { Connection } from '../../src/application/live/connection.ts'
import type { Delivery } from '../../src/application/live/delivery.ts'
import type { BusMessage } from '../../src/application/ports/bus.ts'
import type { ChatId, SessionId, UserId } from '../../src/domain/ids.ts'
import { leaverOf } from '../../src/domain/kinds/kinds.ts'
import { type Application, compose } from '../../src/main/compose.ts'
import { dice, simulatedBus, simulatedPolicy, simulatedPorts } from './simulated.ts'

const NODES = 3
const STEPS = 150
const NAMES = ['ann', 'bob', 'cyd', 'dan', 'eve'] as unknown as readonly UserId[]

/** What a world may do differently, to see whether anybody notices. */
export interface PresenceSabotage {
  readonly bus?: 'honest' | 'lying'
  readonly skipsSweeps?: boolean
  /** What a process says instead; undefined says nothing. */
  readonly says?: (notice: BusMessage, chats: readonly ChatId[]) => BusMessage | undefined
}

interface Device {
  readonly userId: UserId
  readonly onScreen: Set<ChatId>
  /** Whom it shows as connected. */
  readonly online: Set<UserId>
  process: Process | undefined
  connection: Connection | undefined
}
interface Process {
  readonly app: Application
  readonly die: () => Promise<void>
}

/**
 * Processes that come and die, people who come, go and change chats, and screens: nobody is told of people with whom they share no chat,
 * and once everything is quiet for a minute each screen shows those as connected who are. Answers what was wrong.
 */
export async function presenceWorld(seed: number, sabotage: PresenceSabotage = {}): Promise<string[]> {
  const { below, pick, chance, roll } = dice(seed)
  const store = memoryStore('epoch')
  const violations: string[] = []
  const carried: (() => void)[] = []
  const chats: ChatId[] = []
  const everMember = new Set<string>()
  let isQuiet = false
  let now = 1_000_000
  let ids = 0

  const busOf = simulatedBus({
    copies: () => (sabotage.bus === 'honest' || isQuiet ? 1 : pick([0, 1, 1, 1, 2])),
    carry: (deliver) => void carried.push(deliver),
  })
  function started(): Process {
    const bus = busOf()
    const spoilt: typeof bus = {
      ...bus,
      publish: (told) =>
        bus.publish(
          told.flatMap(({ topic, notice }) => {
            const said = sabotage.says ? sabotage.says(notice, chats) : notice
            return said ? [{ topic: 'chatId' in said ? (`chat:${said.chatId}` as const) : topic, notice: said }] : []
          }),
        ),
    }
    const ports = simulatedPorts(store, { bus: spoilt, clock: () => now, newId: () => `id-${++ids}`, random: roll, later: (run) => run() })
    return { app: compose(ports, simulatedPolicy), die: bus.close }
  }

  const processes = Array.from({ length: NODES }, started)
  const caller = (userId: UserId) => ({ userId, sessionId: `session-${userId}` as SessionId })
  const { people } = simulatedPorts(store, { bus: busOf(), clock: () => now, newId: () => '', random: roll, later() {} })
  for (const id of NAMES) await people.add({ id, username: id, name: id, email: undefined, passwordHash: undefined, createdAt: now })
  const isMember = (chatId: ChatId, userId: UserId) => Boolean(store.chats.get(chatId)?.state.members.get(userId))
  const isOrWas = (chatId: ChatId, userId: UserId) => isMember(chatId, userId) || everMember.has(`${chatId} ${userId}`)
  const noteMembers = () => {
    for (const chatId of chats) for (const userId of NAMES) if (isMember(chatId, userId)) everMember.add(`${chatId} ${userId}`)
  }
  for (const memberIds of [NAMES.slice(1, 3), NAMES.slice(3), []]) {
    const { view } = await processes[0]!.app.api.createGroup(caller(NAMES[0]!), { name: 'Group', memberIds })
    chats.push(view.chat.id)
    noteMembers()
  }
  const devices = [...NAMES, ...NAMES].map((userId): Device => {
    return { userId, onScreen: new Set(), online: new Set(), process: undefined, connection: undefined }
  })

  function receive(device: Device, delivery: Delivery): void {
    if (delivery.type === 'presence') {
      const isKnown = chats.some((chatId) => isOrWas(chatId, device.userId) && isOrWas(chatId, delivery.userId))
      if (!isKnown) violations.push(`${device.userId} was told of ${delivery.userId}, with whom no chat is shared`)
      device.online[delivery.online ? 'add' : 'delete'](delivery.userId)
    }
    if (delivery.type === 'chat_gone') device.onScreen.delete(delivery.chatId)
    const leaver = delivery.type === 'event' ? leaverOf(delivery.event) : undefined
    const isShared = (chatId: ChatId) => isMember(chatId, leaver!) && isMember(chatId, device.userId)
    if (leaver !== undefined && !chats.some(isShared)) device.online.delete(leaver)
  }

  async function connect(device: Device): Promise<void> {
    const process = pick(processes)
    const { userId } = device
    const connection = process.app.hub.open({
      ...caller(userId),
      deliver: (delivery) => device.connection === connection && receive(device, delivery),
      end() {},
    })
    Object.assign(device, { process, connection })
    await connection.resume({ cursors: new Map() })
  }

  function lose(device: Device): void {
    device.process = device.connection = undefined
    device.onScreen.clear()
    device.online.clear()
  }

  async function show(device: Device): Promise<void> {
    const mine = chats.filter((chatId) => isMember(chatId, device.userId))
    if (mine.length === 0 || !device.connection) return
    const chatId = pick(mine)
    if (device.onScreen.has(chatId)) {
      await device.connection.leave(chatId, false)
      return void device.onScreen.delete(chatId)
    }
    device.onScreen.add(chatId)
    const { online } = await device.connection.join(chatId)
    for (const userId of NAMES) if (isMember(chatId, userId)) device.online[online.includes(userId) ? 'add' : 'delete'](userId)
  }

  function die(process: Process): void {
    void process.die()
    for (const device of devices) if (device.process === process) lose(device)
    processes.splice(processes.indexOf(process), 1, started())
  }

  async function changeMembers(): Promise<void> {
    const chatId = pick(chats)
    const [userId, { api }] = [pick(NAMES.slice(1)), pick(processes).app]
    const command = { chatId, userIds: [userId] }
    await (isMember(chatId, userId) ? api.removeMembers(caller(NAMES[0]!), command) : api.addMembers(caller(NAMES[0]!), command))
    noteMembers()
  }

  const carry = () => carried.splice(below(carried.length), 1)[0]?.()
  const settled = () => new Promise<void>((done) => setImmediate(done))
  const sweep = () => (sabotage.skipsSweeps ? undefined : processes.forEach(({ app }) => app.hub.sweep()))

  for (let step = 0; step < STEPS; step++) {
    now += below(2_000)
    const what = below(20)
    const device = pick(devices)
    if (what < 8) for (let i = below(6); i >= 0; i--) carry()
    else if (what < 11) sweep()
    else if (what < 14) await show(device)
    else if (what < 15) await changeMembers()
    else if (what < 16 && chance(0.2)) die(pick(processes))
    else if (!device.connection) await connect(device)
    else if (chance(0.3)) {
      device.connection.close()
      lose(device)
    }
    await settled()
  }

  isQuiet = true
  for (let second = 0; second < 90; second++) {
    now += 1_000
    sweep()
    for (const { app } of processes) await app.hub.poll()
    while (carried.length > 0) carry()
    await settled()
  }

  const isConnected = (userId: UserId) => devices.some((device) => device.userId === userId && device.connection)
  for (const device of devices)
    for (const chatId of device.onScreen)
      for (const userId of NAMES)
        if (userId !== device.userId && isMember(chatId, userId) && device.online.has(userId) !== isConnected(userId))
          violations.push(`${device.userId} sees ${userId} ${device.online.has(userId) ? 'connected' : 'away'}`)
  return violations
}
