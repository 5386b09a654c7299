import { type Input, Parser } from '@asyncapi/parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { asyncapi } from '../../src/adapters/wire/asyncapi.ts'
import { openapi } from '../../src/adapters/wire/openapi.ts'

it('the OpenAPI document is valid', async () => {
  const result = await new Validator().validate(openapi({ version: '1.2.3' }))
  expect(result.errors).toBeUndefined()
  expect(result.valid).toBe(true)
})

it('the AsyncAPI document is valid', { timeout: 60_000 }, async () => {
  const { diagnostics } = await new Parser().parse(asyncapi({ version: '1.2.3' }) as unknown as Input)
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([])
})
