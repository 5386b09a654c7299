import { type RefObject, useLayoutEffect } from 'react'

/** A longer text is higher than the field may be: it is not measured with every key. */
const MEASURED = 10_000

/** The field is as high as its text; how high at most is for the style to say. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  const isLong = text.length > MEASURED
  useLayoutEffect(() => {
    const { current } = field
    if (!current || isLong) return
    current.style.height = 'auto'
    current.style.height = `${current.scrollHeight}px`
  }, [field, text, isLong])
  useLayoutEffect(() => {
    if (isLong && field.current) field.current.style.height = '100rem'
  }, [field, isLong])
}
