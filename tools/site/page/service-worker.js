/* Keeps what the page has loaded, so that it opens again without the server; hands the kernel its files.

   A kernel runs in a worker and asks for files and for input with requests that wait. Those to /api/drive and
   /api/stdin/ are answered by the page itself, over a broadcast channel, as JupyterLite expects. Every other file is
   taken from the cache if it is there; a new build of the site has a new key, and an empty cache. */
"use strict";
const CACHE = "cnnlib-@key@";
const channel = new BroadcastChannel("/sw-api.v1");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", event => event.waitUntil(
  caches.keys()
    .then(names => Promise.all(names.filter(n => n.startsWith("cnnlib-") && n !== CACHE).map(n => caches.delete(n))))
    .then(() => self.clients.claim())));

self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url), own = url.origin === location.origin;
  if (own && url.pathname === "/api/service-worker-heartbeat") event.respondWith(new Response("ok"));
  else if (own && /\/api\/(drive|stdin\/)/.test(url.pathname)) event.respondWith(askPage(request, url));
  else if (request.method === "GET" && url.protocol.startsWith("http")) event.respondWith(kept(request, url, own));
});

async function kept(request, url, own) {
  const cache = await caches.open(CACHE);
  // One page serves every notebook, whatever stands behind the question mark. Files of others keep their address.
  const key = own ? url.origin + url.pathname : request.url;
  const found = await cache.match(key);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) await cache.put(key, answer.clone()).catch(() => undefined);  // disk full
  return answer;
}

async function askPage(request, url) {
  const data = await request.json();
  const answer = new Promise(resolve => {
    const listen = ({ data: said }) => {
      if (said.browsingContextId !== data.browsingContextId) return;
      channel.removeEventListener("message", listen);
      resolve(new Response(JSON.stringify(said.response)));
    };
    channel.addEventListener("message", listen);
  });
  channel.postMessage({ ...data, pathname: url.pathname });
  return answer;
}
