import { explanations } from '../../src/adapters/wire/explanations.ts'
import { type ProblemCode, problems } from '../../src/adapters/wire/problems.ts'
import { head, next, table } from './markdown.ts'

/** Every problem code with its cause and its remedy, from the table of problems. */
export function errorsReference(): string {
  const codes = Object.keys(problems) as ProblemCode[]
  return [
    head('Errors', 'What does an error mean, and what do you do about it? Go by its `code`: titles may change.'),
    'Every error is a problem object (RFC 9457): `type`, `title`, `status`, `code`, `request_id`, and facts of the code. HTTP sends it as',
    '`application/problem+json`, a socket inside an `error` frame. Its `type` is a page of the service: `/problems/<code>`.\n',
    table(
      ['Status', 'Code', 'Title'],
      codes.map((code) => [String(problems[code].status), `[\`${code}\`](#${code})`, problems[code].title]),
    ),
    '',
    codes.map((code) => `### ${code}\n\n**Cause:** ${explanations[code].meaning}\n\n**Remedy:** ${explanations[code].remedy}`).join('\n\n'),
    next('[HTTP](http.md), [WebSocket](websocket.md).'),
  ].join('\n')
}
