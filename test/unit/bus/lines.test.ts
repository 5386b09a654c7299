import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { type Lines, type LinesOptions, lineBus } from '../../../src/adapters/bus/lines.ts'
import { waitAfter } from '../../../src/adapters/bus/waiting.ts'
import type { BusMessage, Published, Topic } from '../../../src/application/ports/bus.ts'

const turns = async () => {
  for (let i = 0; i < 8; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}
const topic = (name: string) => `chat:${name}` as Topic
const hint = (name: string, head = 1): Published => ({
  topic: topic(name),
  notice: { type: 'head', chatId: name, head } as unknown as BusMessage,
})

/** A bus over lines that a test opens, cuts and fails. */
function overLines() {
  const warned: string[] = []
  const lost: number[] = []
  const asked: string[] = []
  const state = { isReady: true, isFailing: false }
  let given!: LinesOptions
  let signal!: AbortSignal
  let open!: (lines?: Lines) => void
  let refuse!: (error: Error) => void
  const lines: Lines = {
    isReady: () => state.isReady,
    async publish(channel, text) {
      asked.push(`${channel}: ${text.split('\n').length - 1}`)
      if (state.isFailing) throw new Error('down')
    },
    subscribe: async (channels) => void asked.push(`+${channels.join()}`),
    unsubscribe: async (channels) => void asked.push(`-${channels.join()}`),
    close: () => void asked.push('close'),
  }
  const bus = lineBus(
    {
      name: 'Lines',
      prefix: 'p:',
      open(options, calledOff) {
        given = options
        signal = calledOff
        return new Promise((resolve, reject) => {
          open = resolve
          refuse = reject
        })
      },
    },
    { release: '1', random: () => 0.5, warn: (text) => void warned.push(text), lost: (count) => void lost.push(count) },
  )
  const opened = async (own: Lines | undefined = lines) => {
    open(own)
    await turns()
  }
  const refused = async (why: string) => {
    refuse(new Error(why))
    await turns()
  }
  return {
    bus,
    warned,
    lost,
    asked,
    state,
    opened,
    refused,
    ready: () => given.ready(),
    trouble: (text: string) => given.trouble(text),
    signal: () => signal,
  }
}

describe('a bus over lines', () => {
  it('asks for what was followed before it was connected, and tells each topic on a channel of its own', async () => {
    const { bus, asked, opened, lost } = overLines()
    bus.follow([topic('a'), topic('b')])
    expect(bus.isConnected?.()).toBe(false)
    bus.publish([hint('a'), hint('b')])
    expect(lost).toEqual([2])
    await opened()
    expect([bus.isConnected?.(), asked]).toEqual([true, ['+p:chat:a,p:chat:b']])
    bus.publish([hint('a', 1), hint('b', 1), hint('a', 2)])
    await turns()
    expect(asked.slice(1)).toEqual(['p:chat:a: 2', 'p:chat:b: 1'])
    bus.unfollow([topic('a')])
    await turns()
    expect(asked.at(-1)).toBe('-p:chat:a')
  })

  it('counts what is lost while there are no lines, and what could not be brought; says so once for each trouble', async () => {
    const { bus, state, lost, warned, opened, ready, trouble } = overLines()
    await opened()
    state.isReady = false
    bus.publish([hint('a')])
    expect([lost, warned]).toEqual([[1], []])
    state.isReady = true
    state.isFailing = true
    bus.publish([hint('a'), hint('a')])
    await turns()
    bus.publish([hint('a')])
    await turns()
    trouble('again')
    expect(lost).toEqual([1, 2, 1])
    expect(warned).toEqual([
      'Lines between processes: 2 changes were not told to other processes, which will find them by themselves: down',
    ])
    state.isReady = false
    ready()
    trouble('still')
    expect(warned).toHaveLength(1)
    state.isReady = true
    ready()
    trouble('anew')
    expect(warned.at(-1)).toBe('Lines between processes: anew')
  })

  it('says why it could not be opened', async () => {
    const { warned, refused } = overLines()
    await refused('no such host')
    expect(warned).toEqual(['Lines between processes: Error: no such host'])
  })

  it('closes what it has, once, and says nothing of what it called off', async () => {
    const { bus, asked, opened, signal } = overLines()
    bus.follow([topic('a')])
    await opened()
    bus.publish([hint('a')])
    await Promise.all([bus.close(), bus.close()])
    expect([asked.slice(1), bus.isConnected?.(), signal().aborted]).toEqual([['p:chat:a: 1', 'close'], false, true])
  })

  it('that is closed while it is being opened closes what comes, and says nothing if nothing does', async () => {
    const late = overLines()
    late.bus.follow([topic('a')])
    const closed = late.bus.close()
    await late.opened()
    await closed
    expect([late.asked, late.bus.isConnected?.()]).toEqual([['close'], false])
    const never = overLines()
    const over = never.bus.close()
    await never.refused('called off')
    await over
    expect(never.warned).toEqual([])
    const nothing = overLines()
    const gone = nothing.bus.close()
    await nothing.opened(undefined)
    await gone
    expect(nothing.bus.isConnected?.()).toBe(false)
  })
})

describe('buses of one process', () => {
  it('hand to others what they follow, in a turn of its own, and nothing to themselves', async () => {
    const connect = inProcessBuses()
    const [here, there, third] = [connect(), connect(), connect()]
    const heard: string[] = []
    for (const [name, bus] of Object.entries({ here, there, third }))
      bus.listen((one, notice) => void heard.push(`${name} ${one} ${(notice as { head: number }).head}`))
    here.follow([topic('a')])
    there.follow([topic('a'), topic('b')])
    here.publish([hint('a'), hint('b', 2), hint('c')])
    expect(heard).toEqual([])
    await turns()
    expect(heard).toEqual(['there chat:a 1', 'there chat:b 2'])
    there.unfollow([topic('b')])
    here.publish([hint('b')])
    await turns()
    expect(heard).toHaveLength(2)
  })

  it('say nothing and hear nothing once they are closed, also of what was under way', async () => {
    const connect = inProcessBuses()
    const [here, there] = [connect(), connect()]
    const heard: string[] = []
    for (const bus of [here, there]) {
      bus.listen((one) => void heard.push(one))
      bus.follow([topic('a')])
    }
    here.publish([hint('a')])
    await there.close()
    await turns()
    here.publish([hint('a')])
    there.publish([hint('a')])
    await turns()
    expect(heard).toEqual([])
  })

  it('go on after a listener that fails', async () => {
    const connect = inProcessBuses()
    const [here, there] = [connect(), connect()]
    let heard = 0
    there.listen(() => {
      heard++
      throw new Error('a defect')
    })
    there.follow([topic('a')])
    here.publish([hint('a', 1), hint('a', 2)])
    await turns()
    expect(heard).toBe(2)
  })
})

describe('the wait before an attempt', () => {
  it('doubles from a twentieth of a second to five, half of it by chance', () => {
    expect([0, 1, 2, 6, 7, 60].map((failures) => waitAfter(failures, () => 0))).toEqual([25, 50, 100, 1_600, 2_500, 2_500])
    expect([0, 1, 7].map((failures) => waitAfter(failures, () => 1))).toEqual([50, 100, 5_000])
    expect(waitAfter(1, () => 0.5, 1_000)).toBe(1_500)
  })
})
