import { answering } from '../measure/child.ts'
import { tally } from './closed-loop.ts'

/** People who sign in, all at the same time, again and again. */
export interface BeginLogins {
  readonly port: number
  readonly password: string
  readonly logins: readonly string[]
}

let isOn = false
let workers: Promise<void>[] = []
let done = tally()

async function signIn({ port, password }: BeginLogins, login: string): Promise<void> {
  while (isOn) {
    const askedAt = performance.now()
    const body = JSON.stringify({ login, password })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, { method: 'POST', headers, body })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(text)
    done.count()
    done.took(askedAt)
  }
}

answering({
  begin(options: BeginLogins) {
    isOn = true
    done = tally()
    workers = options.logins.map((login) => signIn(options, login))
  },
  mark: () => done.mark(),
  async end() {
    isOn = false
    await Promise.all(workers)
  },
})
