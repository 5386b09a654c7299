import i18next from 'i18next'
import type { Problem } from '../../src/client/index.ts'

const said = (code: string): string | undefined =>
  i18next.exists(`problem.${code}`) ? String(i18next.t(`problem.${code}` as never)) : undefined

/** Why a call, or a message, was refused. */
export const problemText = (problem: Pick<Problem, 'code'> | undefined): string =>
  (problem && said(problem.code)) ?? i18next.t('problem.unknown')

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
  const own = { 'email-taken': 'email', 'username-taken': 'username' }[code]
  if (own) return { [own]: problemText({ code }) }
  return Object.fromEntries(
    errors.map(({ pointer, detail }) => {
      const field = pointer.split('/').at(-1) ?? ''
      return [field, said(field) ?? detail]
    }),
  )
}
