// The service worker: the viewer's own files are kept when it is first visited, so that what needs no server (dropped
// records, playing by hand) works without one. vite.config.ts writes FILES (every file of the build) and VERSION.
const CACHE = `kickpush-${VERSION}`

addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)))
  skipWaiting()
})

addEventListener('activate', (event) => {
  const forget = caches
    .keys()
    .then((names) => names.filter((name) => name.startsWith('kickpush-') && name !== CACHE))
    .then((names) => Promise.all(names.map((name) => caches.delete(name))))
  event.waitUntil(forget.then(() => clients.claim()))
})

addEventListener('fetch', (event) => {
  const { request } = event
  const path = new URL(request.url).pathname.slice(new URL(registration.scope).pathname.length)
  if (request.method !== 'GET' || !request.url.startsWith(registration.scope)) return
  // What is live is never kept.
  if (path.startsWith('api/') || path.startsWith('socket.io')) return
  // Names of assets hold their hash; the page itself may have changed.
  if (path.startsWith('assets/')) event.respondWith(kept(request).then((found) => found ?? fetch(request)))
  else event.respondWith(fetch(request).catch(async () => (await kept(request)) ?? Response.error()))
})

/** The kept file; for a visit, the page. */
async function kept(request) {
  const cache = await caches.open(CACHE)
  return cache.match(request.mode === 'navigate' ? './' : request, { ignoreSearch: true, ignoreVary: true })
}
