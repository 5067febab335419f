// Prints what the built page makes a visitor download, and fails when its WebAssembly outgrows the budget.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { brotliCompressSync, gzipSync, constants } from 'node:zlib';

// 1 kB is 1,000 bytes. The page's aim is 350, see docs/BENCHMARKS.md; no visitor waits for the worker before files are opened.
const PROGRAMS = [
  { name: 'WebAssembly of the page', budgetKb: 1000, is: (file) => !file.startsWith('chainwalk-import') },
  { name: 'WebAssembly of the worker', budgetKb: 420, is: (file) => file.startsWith('chainwalk-import') },
];

const dist = new URL('../dist/', import.meta.url);
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);
const wasm = [];

console.log(`${'file'.padEnd(44)}${'plain'.padStart(11)}${'gzip'.padStart(11)}${'brotli'.padStart(11)}`);
for (const name of readdirSync(dist).filter((n) => /\.(wasm|js|css|html)$/.test(n)).sort()) {
  const bytes = readFileSync(new URL(name, dist));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const brotli = brotliCompressSync(bytes, { params }).length;
  console.log(name.padEnd(44) + kb(bytes.length) + kb(gzipSync(bytes, { level: 9 }).length) + kb(brotli));
  if (name.endsWith('.wasm')) wasm.push({ name, brotli });
}

/** Bytes of everything below a folder. */
const weigh = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const place = new URL(entry.name, folder);
    return sum + (entry.isDirectory() ? weigh(new URL(`${place}/`)) : statSync(place).size);
  }, 0);
const SITE_MB = 25; // the whole folder, data and all, before any compression
const site = weigh(dist) / 1e6;
console.log(`the whole site: ${site.toFixed(1)} of ${SITE_MB} MB`);

let fits = site <= SITE_MB;
for (const { name, budgetKb, is } of PROGRAMS) {
  const files = wasm.filter((file) => is(file.name));
  const brotli = files.reduce((sum, file) => sum + file.brotli, 0);
  const isWithin = files.length > 0 && brotli <= budgetKb * 1000;
  console.log(`${name}: ${(brotli / 1000).toFixed(1)} of ${budgetKb} kB brotli${isWithin ? '' : ': too large, or missing'}`);
  fits &&= isWithin;
}
process.exit(fits ? 0 : 1);
