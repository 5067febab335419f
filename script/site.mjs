// Trunk runs this on every built site: it writes the content security policy into the page and the list of files, each
// with its hash, into the service worker that keeps the page for use without a network.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const sha256 = (bytes, encoding) => createHash('sha256').update(bytes).digest(encoding);
/** Datasets whose packs are kept with the page itself: what a bare press of Start needs. The others come later, by the catalog. */
const KEPT_DATASETS = ['btc-2026'];
/** What no visitor's browser asks for. */
const LEFT_OUT = /^sw\.js$/;

/** What this script writes into the page. */
const MARKS = /\n  <meta (http-equiv="Content-Security-Policy"|name="offline")[^>]*>/g;

/** The policy: code and styles of the page itself only. Data folders of other hosts are read where `?catalog=` names one. */
function policy(html) {
  const hashes = (tag) =>
    [...html.matchAll(new RegExp(`<${tag}(?![^>]*\\ssrc=)[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map((m) => `'sha256-${sha256(m[1], 'base64')}'`);
  const local = 'http://localhost:* http://127.0.0.1:*';
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes('script')].join(' '),
    ["style-src 'self'", ...hashes('style')].join(' '),
    "img-src 'self' data: blob:",
    `connect-src 'self' https: ${local}`,
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join('; ');
}

function files(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below + entry.name;
    return entry.isDirectory() ? files(folder, `${path}/`) : [path];
  });
}

const isKept = (path) => !LEFT_OUT.test(path) && (!/^data\/.+\//.test(path) || KEPT_DATASETS.some((id) => path.startsWith(`data/${id}/`)));

/** Completes the site in `folder`; `template` is the service worker before its list is filled in. */
export function complete(folder, template) {
  const page = join(folder, 'index.html');
  const html = readFileSync(page, 'utf8').replace(MARKS, '');
  // `trunk serve` completes its reloading script at each request, and what was saved must be there at once: no policy, no keeping.
  if (html.includes('.well-known/trunk')) return;
  const marks = [`<meta http-equiv="Content-Security-Policy" content="${policy(html)}">`, '<meta name="offline" content="sw.js">'];
  writeFileSync(page, html.replace('<meta charset="utf-8">', (charset) => `${charset}\n  ${marks.join('\n  ')}`));
  const list = Object.fromEntries(files(folder).filter(isKept).sort().map((path) => [path, sha256(readFileSync(join(folder, path)), 'hex')]));
  const build = sha256(JSON.stringify(list), 'hex').slice(0, 16);
  writeFileSync(join(folder, 'sw.js'), template.replace('__BUILD__', build).replace('__FILES__', JSON.stringify(list, null, 1)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.env.TRUNK_STAGING_DIR;
  if (!folder || !existsSync(folder)) throw new Error(`TRUNK_STAGING_DIR: found ${folder}, expected the folder of a built site; Trunk sets it`);
  complete(folder, readFileSync(new URL('../assets/sw.js', import.meta.url), 'utf8'));
}
