// Prints what the built page makes a visitor download, and fails when its WebAssembly outgrows the budget.
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync, gzipSync, constants } from 'node:zlib';

const BUDGET_BROTLI_KB = 790; // of all .wasm files together; 1 kB is 1,000 bytes; the aim is 350, see docs/BENCHMARKS.md

const dist = new URL('../dist/', import.meta.url);
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);
let wasmBrotli = 0;
let wasmFiles = 0;

console.log(`${'file'.padEnd(44)}${'plain'.padStart(11)}${'gzip'.padStart(11)}${'brotli'.padStart(11)}`);
for (const name of readdirSync(dist).filter((n) => /\.(wasm|js|css|html)$/.test(n)).sort()) {
  const bytes = readFileSync(new URL(name, dist));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const brotli = brotliCompressSync(bytes, { params }).length;
  console.log(name.padEnd(44) + kb(bytes.length) + kb(gzipSync(bytes, { level: 9 }).length) + kb(brotli));
  if (name.endsWith('.wasm')) {
    wasmBrotli += brotli;
    wasmFiles += 1;
  }
}

const fits = wasmFiles > 0 && wasmBrotli <= BUDGET_BROTLI_KB * 1000;
console.log(`WebAssembly: ${(wasmBrotli / 1000).toFixed(1)} of ${BUDGET_BROTLI_KB} kB brotli${fits ? '' : ': too large, or missing'}`);
process.exit(fits ? 0 : 1);
