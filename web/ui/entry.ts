/** What was typed into a field of a form. */
export function entry(form: FormData, name: string): string {
  const given = form.get(name)
  return typeof given === 'string' ? given : ''
}
