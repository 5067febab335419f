// Keeps one build of the page whole, so that it opens without a network and never mixes files of two builds.
// script/site.mjs fills in the two constants when the site is built.
const BUILD = '__BUILD__'; // SHA-256 over FILES, shortened
const FILES = __FILES__; // path beside this file -> SHA-256 of its bytes
const PREFIX = 'chainwalk-page-';
const CACHE = PREFIX + BUILD;

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Fetches one file of this build; bytes of another build are refused, which leaves the old build in its place. */
async function take(cache, [path, sha256]) {
  const response = await fetch(path, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${path}: found status ${response.status}, expected 200`);
  const bytes = await response.clone().arrayBuffer();
  const found = hex(await crypto.subtle.digest('SHA-256', bytes));
  if (found !== sha256) throw new Error(`${path}: found SHA-256 ${found}, expected ${sha256}`);
  await cache.put(path, response);
}

/** Takes those of the files that are not there yet, one after the other. */
async function fill(files) {
  const cache = await caches.open(CACHE);
  const have = new Set((await cache.keys()).map((request) => request.url));
  for (const file of files) {
    if (!have.has(new URL(file[0], self.location).href)) await take(cache, file);
  }
}

let filling; // under way, for however many tabs ask

/** Takes the data of every dataset that this build's catalog names. */
async function fillData() {
  const cache = await caches.open(CACHE);
  const catalog = await (await cache.match('data/catalog.json')).json();
  await fill(catalog.datasets.flatMap(({ packs }) => packs.map(({ path, sha256 }) => [`data/${path}`, sha256])));
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function answer(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(fill(Object.entries(FILES))));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') self.skipWaiting();
  // What cannot be had now is asked for again at the next visit.
  if (event.data === 'keep-data') event.waitUntil((filling ??= fillData().catch(() => {}).finally(() => (filling = undefined))));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const scope = new URL('./', self.location).href;
  const address = request.url.split(/[?#]/)[0];
  const path = address === scope ? 'index.html' : address.slice(scope.length);
  // What is not of this build (another folder of data, other hosts) is none of its business.
  if (request.method === 'GET' && address.startsWith(scope) && (Object.hasOwn(FILES, path) || path.startsWith('data/'))) {
    event.respondWith(answer(path, request));
  }
});
