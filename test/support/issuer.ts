import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { listening } from './http-server.ts'

export interface Claims {
  readonly sub?: string
  readonly [name: string]: unknown
}

/** An identity provider with one key, that counts how often it is asked for it. */
export async function testIssuer(algorithm = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: algorithm, use: 'sig' }
  const state = { asked: 0, isDown: false }
  const server = createServer((request, response) => {
    if (state.isDown) return void response.writeHead(500).end()
    response.setHeader('content-type', 'application/json')
    if (request.url === '/.well-known/openid-configuration')
      return void response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }))
    state.asked++
    response.end(JSON.stringify({ keys: [jwk] }))
  })
  const issuer = await listening(server)
  const now = () => Math.floor(Date.now() / 1_000)
  return {
    ...issuer,
    state,
    token: ({ kid = 'one', ...claims }: Claims & { readonly kid?: string } = {}) =>
      new SignJWT({ iss: issuer.url, aud: 'chat', sub: 'someone', iat: now() - 5, exp: now() + 300, ...claims })
        .setProtectedHeader({ alg: algorithm, kid })
        .sign(privateKey),
  }
}
