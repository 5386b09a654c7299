import i18next from 'i18next'
import type { Problem } from '../../src/client/index.ts'

const said = (code: string, count = 1): string | undefined =>
  i18next.exists(`problem.${code}`, { count })
    ? (i18next.t as (key: string, facts: object) => string)(`problem.${code}`, { count })
    : undefined

/** After how many seconds it may be tried again. */
const waitOf = ({ retry_after_ms: wait = 0 }: Pick<Problem, 'retry_after_ms'>) => Math.max(1, Math.ceil(wait / 1_000))

/** Why a call, or a message, was refused. */
export const problemText = (problem: Pick<Problem, 'code' | 'retry_after_ms'> | undefined): string =>
  (problem && said(problem.code, waitOf(problem))) ?? i18next.t('problem.unknown')

/** The stable code of a refusal; undefined for all that is none. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'problem' in error ? (error.problem as Problem).code : undefined

/** The same for whatever a call rejected with. */
export function errorText(error: unknown): string {
  if (error instanceof Error && 'problem' in error) return problemText(error.problem as Problem)
  if (error instanceof TypeError) return i18next.t('problem.network')
  return i18next.t('problem.unknown')
}

/** What is wrong with which field: by the last part of the pointer. */
export function faultsOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error) || !('problem' in error)) return {}
  const { code, errors = [] } = error.problem as Problem
  const own = ({ 'email-taken': 'email', 'username-taken': 'username' } as Partial<Record<string, string>>)[code]
  if (own) return { [own]: problemText({ code }) }
  return Object.fromEntries(
    errors.map(({ pointer, detail }) => {
      const field = pointer.split('/').at(-1) ?? ''
      return [field, said(field) ?? detail]
    }),
  )
}
