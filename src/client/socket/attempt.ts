import type { FrameInput, ResultOf, ServerFrameOf } from '../../adapters/wire/frames.ts'
import { SOCKET_PATH } from '../../adapters/wire/routes.ts'
import { isProblem } from '../calls/problem.ts'
import { millis } from '../calls/read-wire.ts'
import type { GetToken } from '../calls/tokens.ts'
import type { Platform } from '../platform/platform.ts'
import type { DeliveredFrame } from '../sync/frames.ts'
import type { StopReason } from '../types.ts'
import { nodeWebSocket } from './node-web-socket.ts'
import { openSocket, type Socket, type Unasked } from './socket.ts'

export interface AttemptNeeds {
  /** Of the service; `''` is the origin of the page. */
  readonly url: string
  readonly deviceId: string | undefined
  readonly platform: Platform
  readonly getToken: GetToken
  resumeFrom(): Omit<FrameInput<'resume'>, 'type' | 'ref'>
  resumed(result: ResultOf<'resume'>): void
  receive(frame: DeliveredFrame): void
  report(error: unknown, during: string): void
}

/** What becomes of an attempt. Nothing is called after `end`. */
interface Outcome {
  authorized(userId: string): void
  online(): void
  /** The server asks to come back within this time. */
  draining(afterMs: number): void
  failed(): void
  stopped(reason: StopReason): void
  ended(code: number): void
}

export interface Attempt {
  /** Undefined until it is open. */
  socket(): Socket | undefined
  token(): string | undefined
  end(): void
}

const ANSWER_WITHIN = 15_000
/** Much may have been missed. */
const RESUME_WITHIN = 120_000
const RENEW_AGAIN = 5_000

/** One attempt to be online: gets a token, opens a socket, authenticates, resumes, and renews the token until the end. */
export function attempt(needs: AttemptNeeds, refused: string | undefined, outcome: Outcome): Attempt {
  const { platform, getToken, report } = needs
  let isOver = false
  let socket: Socket | undefined
  let token: string | undefined
  let skew = 0 // What the clock of the service is ahead of this one.
  const renewal = tokenRenewal(needs, {
    token: () => token!,
    async renew(next) {
      token = next
      const { expires_at } = await socket!.request('authorize', { token: next }, { withinMs: ANSWER_WITHIN })
      return millis(expires_at) - skew
    },
    signedOut: () => outcome.stopped('signed-out'),
  })

  async function open(): Promise<void> {
    token = await getToken(refused === undefined ? undefined : { token: refused, reason: 'refused' })
    const WebSocket = isOver ? undefined : (platform.WebSocket ?? (await nodeWebSocket()))
    if (isOver) return
    try {
      if (!WebSocket) throw new TypeError('There is no WebSocket here')
      const ended = (code: number) => isOver || outcome.ended(code)
      const deliver = (frame: Unasked) => isOver || received(frame, needs, outcome)
      socket = openSocket(socketAddress(needs.url), WebSocket, platform, { greeted, received: deliver, ended })
    } catch (error) {
      report(error, 'opening a socket')
      outcome.stopped('unsupported')
    }
  }

  function greeted({ server_time }: ServerFrameOf<'hello'>): void {
    skew = millis(server_time) - platform.now()
    greet(socket!).catch((error: unknown) => {
      if (isOver) return
      if (!isProblem(error)) report(error, 'coming online')
      // After these the socket is closed, with a code that decides.
      else if (error.status === 401 || error.code === 'network') return
      outcome.failed()
    })
  }

  async function greet({ request }: Socket): Promise<void> {
    const device = needs.deviceId === undefined ? {} : { device_id: needs.deviceId }
    const { user_id, expires_at } = await request('authorize', { token: token!, ...device }, { withinMs: ANSWER_WITHIN })
    if (isOver) return
    outcome.authorized(user_id)
    renewal.before(millis(expires_at) - skew)
    const result = await request('resume', needs.resumeFrom(), { withinMs: RESUME_WITHIN })
    if (isOver) return
    needs.resumed(result)
    outcome.online()
  }

  open().catch((error: unknown) => {
    if (isOver) return
    if (isProblem(error) && (error.code === 'signed-out' || error.status === 401)) outcome.stopped('signed-out')
    else outcome.failed()
  })

  return {
    socket: () => socket,
    token: () => token,
    end() {
      isOver = true
      renewal.stop()
      socket?.close()
    },
  }
}

function received(frame: Unasked, { report, receive }: AttemptNeeds, { draining }: Outcome): void {
  if (frame.type === 'reconnect') return draining(frame.after_ms)
  if (frame.type === 'error') return frame.problem.status === 401 ? undefined : report(frame.problem, 'a frame without a ref')
  try {
    receive(frame)
  } catch (error) {
    report(error, `receiving ${frame.type}`)
  }
}

interface Renewed {
  token(): string
  /** Authenticates again with another token. Resolves with its end. */
  renew(token: string): Promise<number>
  signedOut(): void
}

/** Renews the token on the open socket when four fifths of its life are over. */
function tokenRenewal({ platform: { now, later }, getToken }: AttemptNeeds, { token, renew, signedOut }: Renewed) {
  let isOver = false
  let cancel = () => {}

  function before(expiresAt: number): void {
    cancel()
    if (!isOver) cancel = later(Math.max(1_000, (expiresAt - now()) * 0.8), () => void renewNow())
  }

  async function renewNow(): Promise<void> {
    try {
      const next = await getToken({ token: token(), reason: 'expired' })
      if (!isOver) before(await renew(next))
    } catch (error) {
      if (isOver) return
      if (isProblem(error, 'signed-out')) signedOut()
      else cancel = later(RENEW_AGAIN, () => void renewNow())
    }
  }

  return {
    before,
    stop() {
      isOver = true
      cancel()
    },
  }
}

function socketAddress(url: string): string {
  const base = url === '' ? globalThis.location.origin : url.replace(/\/+$/, '')
  return base.replace(/^http/, 'ws') + SOCKET_PATH
}
