const SIZE = 32

/** The number of unread messages where the browser shows it: on the icon of the tab, and of the installed page. */
export function showBadge(unread: number): void {
  const { setAppBadge, clearAppBadge } = navigator
  const shown = unread > 0 ? setAppBadge?.call(navigator, unread) : clearAppBadge?.call(navigator)
  shown?.catch(() => undefined)
  void dotted(unread > 0)
}

let isDotted = false

async function dotted(isOn: boolean): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (!link || isOn === isDotted) return
  isDotted = isOn
  if (!isOn) {
    link.href = '/icon.svg'
    return
  }
  const picture = new Image(SIZE, SIZE)
  picture.src = '/icon.svg'
  try {
    await picture.decode()
  } catch {
    // Without the service there is no picture either: the icon stays, until the number changes again.
    isDotted = false
    return
  }
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const paint = canvas.getContext('2d')
  if (!paint || !isDotted) return
  paint.drawImage(picture, 0, 0, SIZE, SIZE)
  paint.fillStyle = '#e5484d'
  paint.beginPath()
  paint.arc(SIZE - 8, 8, 7.5, 0, 2 * Math.PI)
  paint.fill()
  link.href = canvas.toDataURL()
}
