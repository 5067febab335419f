// A static file server for the tests: serves one folder under one path, as a project page on a static host would be, and can
// delay, damage or refuse single files.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.gz': 'application/gzip',
  '.txt': 'text/plain; charset=utf-8',
};

/** Types that a host compresses. */
const COMPRESSED = /^(text|application\/(json|wasm|manifest))|svg/;

export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

/**
 * Starts a server on a free port of 127.0.0.1.
 * `base` is the path that the folder stands under. `faults` is a list of rules that may be changed while it runs, the first that
 * fits a file's path counts: { match: RegExp, delayMs?, status?, alter?: (Buffer) => Buffer,
 * replace?: folder }; `replace` takes what follows the match from another folder. `headers` go with every answer.
 * `isCompressed`: text and WebAssembly go out with gzip, as GitHub Pages sends them.
 * Returns { url, requests, faults, close }; `requests` lists { path, status } in order.
 */
export async function serve({ root = DIST, base = '/', faults = [], headers = {}, isCompressed = false } = {}) {
  const requests = [];
  const kept = new Map();
  const zipped = (path, body) => {
    if (!kept.has(path)) kept.set(path, gzipSync(body));
    return kept.get(path);
  };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://host').pathname);
    const answer = (status, type, body) => {
      requests.push({ path, status });
      const isZipped = isCompressed && COMPRESSED.test(type);
      const sent = isZipped ? zipped(path, body) : body;
      const encoding = isZipped ? { 'content-encoding': 'gzip' } : {};
      response.writeHead(status, { 'content-type': type, 'content-length': sent.length, 'cache-control': 'no-store', ...encoding, ...headers });
      response.end(request.method === 'HEAD' ? undefined : sent);
    };
    const inside = path.startsWith(base) && normalize(path) === path;
    const name = inside ? path.slice(base.length) || 'index.html' : null;
    const fault = name === null ? undefined : faults.find((rule) => rule.match.test(name));
    if (fault?.delayMs) await delay(fault.delayMs);
    try {
      if (name === null) throw new Error('outside the served path');
      if (fault?.status) return answer(fault.status, TYPES['.txt'], Buffer.from('refused by the test\n'));
      const body = await readFile(fault?.replace ? join(fault.replace, name.replace(fault.match, '')) : join(root, name));
      answer(200, TYPES[extname(name)] ?? 'application/octet-stream', fault?.alter ? fault.alter(body) : body);
    } catch {
      answer(404, TYPES['.txt'], Buffer.from('not found\n'));
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}${base}`, requests, faults, close };
}
