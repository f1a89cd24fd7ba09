// Keeps the shell (HTML, style, scripts, languages, icons) for the time when the camera is off, and nothing else:
// pictures and the API always come from the camera. The network goes first, so that an update is seen at once.

const shell = "shell";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shell).then((cache) => cache.add("/")).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  // All pages are the same document.
  if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(networkFirst(request, "/"));
  else if (/^\/(assets|icons)\/|^\/manifest\./.test(url.pathname)) event.respondWith(networkFirst(request, url.pathname));
});

function isPage(path) {
  return !/^\/(api|files)\/|\./.test(path) && path !== "/metrics";
}

async function networkFirst(request, name) {
  const cache = await caches.open(shell);
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await cache.put(name, answer.clone());
    return answer;
  } catch (failure) {
    const kept = await cache.match(name);
    if (kept) return kept;
    throw failure;
  }
}
