/** Adapters for passwords (argon2id) and tokens (JWT, by jose). */
export { type Argon2Options, argon2Passwords } from './adapters/auth/argon2-passwords.ts'
export { isCommonPassword } from './adapters/auth/common-passwords.ts'
export { joseTokens } from './adapters/auth/jose-tokens.ts'
