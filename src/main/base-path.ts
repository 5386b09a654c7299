/** Checks where a chat is mounted. */
export function checkedBase(path: string): string {
  const base = path.replace(/\/+$/, '')
  if (base !== '' && !/^(\/[A-Za-z0-9._~-]+)+$/.test(base)) throw new TypeError('basePath is a path such as /chat')
  return base
}

interface Addressed {
  url?: string | undefined
}

/** Takes the base path off the address of a request. Returns whether the request is below it. */
export function enters(request: Addressed, base: string): boolean {
  if (base === '') return true
  const { url = '' } = request
  const isBelow = url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`)
  if (isBelow) request.url = url.slice(base.length).replace(/^(?!\/)/, '/')
  return isBelow
}
