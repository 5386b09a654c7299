import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { S3Options } from '../../src/adapters/files/s3.ts'

const KEY = 'tests-key'
const SECRET = 'tests-secret'
const REGION = 'eu-test-1'

/** A server with one empty bucket that speaks what is needed of S3 and checks every signature (AWS Signature Version 4) and every digest. */
export async function startS3(): Promise<S3Options & { readonly objects: Map<string, Buffer>; stop(): Promise<void> }> {
  const objects = new Map<string, Buffer>()
  const server = createServer((request, response) => void answer(objects, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    objects,
    bucket: `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`,
    key: KEY,
    secret: SECRET,
    region: REGION,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(objects: Map<string, Buffer>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const url = new URL(request.url!, `http://${request.headers.host}`)
  const wrong = unsigned(request, url, body)
  if (wrong) return void response.writeHead(403).end(`<Error><Code>${wrong}</Code></Error>`)
  const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/')
  if (bucket !== 'chat') return void response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>')
  methods[request.method!]!({ objects, name: rest.join('/'), url, body, request, response })
}

interface Asked {
  readonly objects: Map<string, Buffer>
  readonly name: string
  readonly url: URL
  readonly body: Buffer
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

const methods: Readonly<Record<string, (asked: Asked) => void>> = {
  PUT({ objects, name, body, request, response }) {
    // S3 answers a body without a length with MissingContentLength.
    if (request.headers['content-length'] === undefined) return void response.writeHead(411).end()
    objects.set(name, body)
    response.end()
  },
  DELETE({ objects, name, response }) {
    objects.delete(name)
    response.writeHead(204).end()
  },
  HEAD({ objects, name, response }) {
    const found = objects.get(name)
    response.writeHead(found ? 200 : 404, found && { 'Content-Length': found.length }).end()
  },
  GET(asked) {
    if (asked.name === '') list(asked)
    else get(asked)
  },
}

function get({ objects, name, url, request, response }: Asked): void {
  const found = objects.get(name)
  if (!found) return void response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
  const overrides = ['content-type', 'content-disposition'].flatMap((header) => {
    const value = url.searchParams.get(`response-${header}`)
    return value === null ? [] : [[header, value] as const]
  })
  response.setHeaders(new Map(overrides))
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  if (first === undefined) return void response.end(found)
  if (Number(first) >= found.length) return void response.writeHead(416).end()
  response.writeHead(206, { 'Content-Range': `bytes ${first}-${last}/${found.length}` })
  response.end(found.subarray(Number(first), Number(last) + 1))
}

function list({ objects, url, response }: Asked): void {
  const [prefix, after] = [url.searchParams.get('prefix') ?? '', url.searchParams.get('start-after') ?? '']
  const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort()
  const keys = names.slice(0, Number(url.searchParams.get('max-keys'))).map((name) => `<Contents><Key>${name}</Key></Contents>`)
  response.end(`<?xml version="1.0"?><ListBucketResult><Name>chat</Name>${keys.join('')}</ListBucketResult>`)
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

interface Signature {
  readonly credential: string
  readonly signedHeaders: string
  readonly signature: string
  readonly time: string
  readonly payload: string
}

/** What a request says of its own signature: in the header Authorization, or in its address. */
function signatureOf(request: IncomingMessage, { searchParams }: URL): Signature | undefined {
  const [, credential, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(request.headers.authorization ?? '') ?? []
  const header = (name: string) => String(request.headers[name] ?? '')
  if (credential) {
    const [time, payload] = [header('x-amz-date'), header('x-amz-content-sha256')]
    return { credential, signedHeaders: signedHeaders!, signature: signature!, time, payload }
  }
  const parameter = (name: string) => searchParams.get(`X-Amz-${name}`) ?? ''
  if (parameter('Signature') === '') return undefined
  return {
    credential: parameter('Credential'),
    signedHeaders: parameter('SignedHeaders'),
    signature: parameter('Signature'),
    time: parameter('Date'),
    payload: 'UNSIGNED-PAYLOAD',
  }
}

/** What is wrong with the signature of a request, if anything is. */
function unsigned(request: IncomingMessage, url: URL, body: Buffer): string | undefined {
  const given = signatureOf(request, url)
  if (!given) return 'AccessDenied'
  const [key, day, region, service, end] = given.credential.split('/') as [string, string, string, string, string]
  if (key !== KEY || region !== REGION || service !== 's3' || end !== 'aws4_request' || !given.time.startsWith(day))
    return 'InvalidAccessKeyId'
  if (given.payload !== 'UNSIGNED-PAYLOAD' && given.payload !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  const lasts = Number(url.searchParams.get('X-Amz-Expires') ?? 900) * 1_000
  const at = Date.parse(given.time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(Date.now() - at) <= lasts)) return 'RequestTimeTooSkewed'
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const headers = given.signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`)
  const path = decodeURIComponent(url.pathname).split('/').map(encoded).join('/')
  const canonical = [request.method, path, query.sort().join('&'), headers.join(''), given.signedHeaders, given.payload].join('\n')
  const scope = [day, region, service, end].join('/')
  const text = ['AWS4-HMAC-SHA256', given.time, scope, sha256(canonical)].join('\n')
  const signing = [day, region, service, end].reduce<string | Buffer>((with_, part) => hmac(with_, part), `AWS4${SECRET}`)
  return hmac(signing, text).toString('hex') === given.signature ? undefined : 'SignatureDoesNotMatch'
}
