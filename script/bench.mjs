// The second half of script/bench: the kernels in Chromium, the engine in plain JavaScript, and the table of all.
// node script/bench.mjs WORK CRITERION PERF
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { serve } from '../tests/e2e/server.mjs';
import { launch } from '../tests/e2e/browser.mjs';

const [work, criterion, perf] = process.argv.slice(2);
const PAGES = 3; // fresh pages, of which the median counts
const withData = existsSync(join(work, 'data'));

// name, what it is, unit of its figure, target in wasm, the same in plain JavaScript
const ROWS = [
  ['load', 'one year of daily chains loaded: hash, decode, check, greeks, levels', 'ms', 150, 'load_ms'],
  ['run_a', 'A: one short call at a time, 365 days', 'ms', null, 'A_ms'],
  ['run_b', 'B: a new short call every day', 'ms', 1, 'B_ms'],
  ['run_c', 'C: 50 variants in one run', 'ms', 5, 'C_ms'],
  ['digest_b', 'digest of B', 'ms', null, null],
  ['digest_c', 'digest of C', 'ms', null, null],
  ['price_chains', 'price and greeks over chains, call and put of a strike at once', 'M options/s', 8, null],
  ['price_options', 'price and greeks, option by option', 'M options/s', null, null],
  ['implied_vol', 'implied volatility to the last digits', 'M options/s', 3, null],
];

const median = (values) => values.slice().sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function inChromium() {
  const site = await serve({ root: join(work, 'site') });
  const browser = await launch();
  try {
    const reports = [];
    for (let i = 0; i < PAGES; i += 1) {
      const page = await (await browser.newContext()).newPage();
      await page.goto(`${site.url}#bench${withData ? '=bench-data' : ''}`);
      const result = page.locator('#bench-result');
      await result.waitFor({ state: 'attached', timeout: 180_000 });
      const report = JSON.parse(await result.textContent());
      if (report.error) throw new Error(report.error);
      reports.push(report);
      await page.context().close();
    }
    return { version: browser.version(), reports };
  } finally {
    await browser.close();
    await site.close();
  }
}

const nativeMs = (name) => JSON.parse(readFileSync(join(criterion, name, 'new/estimates.json'))).median.point_estimate / 1e6;

function inPlainJavaScript() {
  if (!withData) return null;
  const script = join(perf, 'ref_backtest.mjs');
  return JSON.parse(execFileSync(process.execPath, [script, join(work, 'chain.csv'), join(perf, 'expected_trades.json')], { encoding: 'utf8' }));
}

const { version, reports } = await inChromium();
const plain = inPlainJavaScript();
if (plain?.mismatches_vs_numpy) throw new Error('the engine in plain JavaScript disagrees with its own expectation');

const figure = (unit, ms, items) => (unit === 'ms' ? ms : items / ms / 1e3);
const text = (value) => (value === null ? '' : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(3));
const lines = [];
for (const [name, what, unit, target, plainName] of ROWS) {
  const of = (key) => median(reports.map((r) => r.figures.find((f) => f.name === name)[key]));
  const items = of('items');
  const [wasm, native] = [of('median_ms'), nativeMs(name)];
  const reached = target === null ? '' : (unit === 'ms' ? wasm < target : figure(unit, wasm, items) > target) ? 'yes' : 'no';
  const bound = target === null ? '' : `${unit === 'ms' ? '<' : '>'} ${target}`;
  const cells = [what, unit, figure(unit, wasm, items), figure(unit, of('first_ms'), items), figure(unit, native, items)];
  cells.push((wasm / native).toFixed(2), plain && plainName ? plain[plainName] : null, bound, reached);
  lines.push(`| ${cells.map((cell) => (typeof cell === 'number' || cell === null ? text(cell) : cell)).join(' | ')} |`);
}

const tool = (name, ...args) => execFileSync(name, args, { encoding: 'utf8' }).trim().split('\n')[0];
const report = reports[0];
const nativePeak = /peak (\d+) MB/.exec(readFileSync(join(work, 'native.log'), 'utf8'))?.[1] ?? '?';
const table = [
  `Measured on ${new Date().toISOString().slice(0, 10)} by \`script/bench\`: ${cpus()[0].model.trim()}, ${cpus().length} cores; Chromium ${version}, ${tool('rustc', '--version')}, node ${process.version}.`,
  `The year is \`${report.dataset}\`: ${report.options.toLocaleString('en')} options in 365 snapshots. Medians; "first" is the first round in a fresh page, before the browser's`,
  `optimising compiler is done. Memory once the year is loaded and A, B and C have run: ${report.memory_mb.toFixed(0)} MB in WebAssembly, ${nativePeak} MB natively.`,
  '',
  '| what | unit | Chromium | first | native | time, Chromium : native | plain JavaScript | target in Chromium | reached |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | --- | --- |',
  ...lines,
].join('\n');

const path = new URL('../docs/BENCHMARKS.md', import.meta.url);
const page = readFileSync(path, 'utf8');
writeFileSync(path, page.replace(/(<!-- bench:begin -->\n)[^]*(<!-- bench:end -->)/, (_, begin, end) => `${begin}${table}\n${end}`));
writeFileSync(join(work, 'report.json'), JSON.stringify({ version, reports, plain }, null, 1));
console.log(table);
