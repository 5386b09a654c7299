/* The page without a network. `FILES` and `VERSION` are put in front by the build. Calls of the service never pass through here. */
const SHELL = `shell ${VERSION}`
const LATER = 'later'
/** What the page leaves for notifications that show nothing of a message. */
const WORDS = 'words'

addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)))
  skipWaiting()
})

addEventListener('activate', (event) => {
  const forget = async () => {
    const names = await caches.keys()
    await Promise.all(names.filter((name) => name !== SHELL && name !== LATER && name !== WORDS).map((name) => caches.delete(name)))
    await clients.claim()
  }
  event.waitUntil(forget())
})

addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate' && url.pathname === '/') event.respondWith(fetch(request).catch(() => caches.match('/')))
  else if (FILES.includes(url.pathname)) event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)))
  else if (url.pathname.startsWith('/emoji/')) event.respondWith(keptLater(request))
})

/** What is used once is there later: the words for emoji. */
async function keptLater(request) {
  const cache = await caches.open(LATER)
  try {
    const answer = await fetch(request)
    if (answer.ok) await cache.put(request, answer.clone())
    return answer
  } catch (error) {
    const kept = await cache.match(request)
    if (kept) return kept
    throw error
  }
}

addEventListener('push', (event) => {
  const told = event.data?.json() ?? {}
  event.waitUntil(told.type === 'read' ? closeNotices(told) : showNotice(told))
})

/** What came while no page was open. A later notice of a chat takes the place of an earlier one. */
async function showNotice({ chat_id: chatId, title: given, body, badge, tag }) {
  if (badge !== undefined) await navigator.setAppBadge?.(badge)
  const open = await clients.matchAll({ type: 'window' })
  if (open.some(({ visibilityState }) => visibilityState === 'visible')) return
  const title = given ?? (await wordFor('message'))
  await registration.showNotification(title, { body: body ?? '', tag, icon: '/icon-192.png', badge: '/icon-192.png', data: { chatId } })
}

async function wordFor(name) {
  const kept = await caches.match('/words', { cacheName: WORDS })
  return (kept && (await kept.json())[name]) ?? 'windi-chat'
}

/** Read elsewhere. */
async function closeNotices({ chat_id: tag, badge }) {
  for (const notice of await registration.getNotifications({ tag })) notice.close()
  await (badge > 0 ? navigator.setAppBadge?.(badge) : navigator.clearAppBadge?.())
}

addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(openChat(event.notification.data?.chatId))
})

/** In a tab that is there, else in a new one. */
async function openChat(chatId) {
  const [tab] = await clients.matchAll({ type: 'window' })
  if (!tab) return clients.openWindow(`/#/c/${chatId}`)
  await tab.focus()
  tab.postMessage({ openChat: chatId })
}

/** The browser's push service has given up an address: there is another one, which the next page that is opened hands on. */
addEventListener('pushsubscriptionchange', (event) => {
  const again = async () => {
    const { applicationServerKey } = event.oldSubscription?.options ?? {}
    if (applicationServerKey) await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
    for (const tab of await clients.matchAll({ type: 'window' })) tab.postMessage({ keepPush: true })
  }
  event.waitUntil(again())
})
