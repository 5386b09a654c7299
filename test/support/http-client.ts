import { randomBytes } from 'node:crypto'
import type { Session } from '../../src/adapters/wire/schemas/identity.ts'
import type { Problem } from '../../src/adapters/wire/schemas/service.ts'

export interface Reply<T> {
  readonly status: number
  readonly headers: Headers
  /** `undefined` where there is none. */
  readonly body: T
}

export interface CallOptions {
  /** A text is sent as it is, form fields as a form, anything else as JSON. */
  readonly body?: unknown
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Somebody who is signed in. */
export interface SignedInClient {
  readonly id: string
  readonly token: string
  readonly session: Session
  readonly password: string
  /** A call below `/api/v1` in their name. Answers of other shapes than a problem are named by the caller. */
  call<T = Problem>(method: string, path: string, body?: unknown): Promise<Reply<T>>
}

export interface HttpClient {
  readonly url: string
  /** A call below `/api/v1`. */
  call<T = Problem>(method: string, path: string, options?: CallOptions): Promise<Reply<T>>
  /** Anything else of the server, its body as text. */
  page(path: string, init?: RequestInit): Promise<Reply<string>>
  register(
    name?: string,
    more?: { readonly username?: string; readonly email?: string; readonly password?: string },
  ): Promise<SignedInClient>
  login(login: string, password: string): Promise<SignedInClient>
}

const isLines = ({ headers }: Response): boolean => headers.get('content-type') === 'application/x-ndjson'

const PASSWORD = 'a battery of correct horses'

/** A client of a running service: as little as suffices, so that what is tested is the server. */
export function httpClient(url: string, fetch = globalThis.fetch): HttpClient {
  async function call<T>(method: string, path: string, { body, token, headers }: CallOptions = {}): Promise<Reply<T>> {
    const isText = typeof body === 'string' || body instanceof Uint8Array
    const content = body === undefined ? undefined : isText || body instanceof URLSearchParams ? body : JSON.stringify(body)
    const response = await fetch(`${url}/api/v1${path}`, {
      method: method.toUpperCase(),
      headers: {
        ...(body !== undefined && !(body instanceof URLSearchParams) && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(content !== undefined && { body: content as RequestInit['body'] & {} }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : isLines(response) ? text : JSON.parse(text)) as T,
    }
  }

  const signedIn = (session: Session, password: string): SignedInClient => ({
    id: session.user.id,
    token: session.access_token,
    session,
    password,
    call: (method, path, body) => call(method, path, { body, token: session.access_token }),
  })

  async function signIn(path: string, body: object, password: string): Promise<SignedInClient> {
    const reply = await call<Session>('post', path, { body: { ...body, password } })
    if (reply.status >= 300) throw new Error(`${path} answers ${reply.status}: ${JSON.stringify(reply.body)}`)
    return signedIn(reply.body, password)
  }

  return {
    url,
    call,
    async page(path, init) {
      const response = await fetch(url + path, init)
      return { status: response.status, headers: response.headers, body: await response.text() }
    },
    register(name = 'Somebody', { password = PASSWORD, ...more } = {}) {
      return signIn('/auth/register', { name, email: `${randomBytes(9).toString('hex')}@example.com`, ...more }, password)
    },
    login: (login, password) => signIn('/auth/login', { login }, password),
  }
}
