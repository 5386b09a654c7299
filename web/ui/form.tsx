import type { ComponentProps, FormEvent } from 'react'

interface FormProps extends Omit<ComponentProps<'form'>, 'onSubmit' | 'noValidate'> {
  /** Called with the form when all its fields are valid. */
  readonly onSubmit: (form: HTMLFormElement) => void
}

/** A form that says itself what is wrong: each `Field` in it puts its own words where the browser would open a bubble in its own language. */
export function Form({ onSubmit, ...rest }: FormProps) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    // Tells each invalid field by an `invalid` event.
    if (form.checkValidity()) onSubmit(form)
    else form.querySelector<HTMLElement>('input:invalid, textarea:invalid')?.focus()
  }

  return <form {...rest} noValidate onSubmit={submit} />
}
