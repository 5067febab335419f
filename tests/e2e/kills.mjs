// Kills the browser in the middle of a run, again and again: every run resumes and ends with the digest of one never stopped.
//
//     node tests/e2e/kills.mjs [KILLS]
//
// KILLS (50) are spread evenly over a run of at least 20 seconds. Prints one line a kill and a summary; exit 1 where a digest
// differs, or where fewer than four fifths of the runs resume from a checkpoint above 0 %.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchProfile } from './browser.mjs';
import { serve } from './server.mjs';

/** A run of 181 decisions at a week a second takes 26 s. */
const PACE = 'walk';
const WALK_MS = 26_000;
const SLOW = 120_000;

const reaches = (page, word) => page.locator(`#status[data-state="${word}"]`).waitFor({ timeout: SLOW });
const decisions = async (page) => (await page.locator('#decisions').innerText()).trim();

async function digest(page) {
  await page.locator('#tab-assumptions').click();
  const text = await page.locator('#tab-panel').innerText();
  return text.match(/Digest of the steps\s+([0-9a-f]{64})/)[1];
}

async function opened(profile, url) {
  const page = await profile.context.newPage();
  await page.goto(url);
  await page.locator('#start:not([disabled])').waitFor({ timeout: SLOW });
  return page;
}

/** One profile: a run is begun, killed after `afterMs`, and found again. Returns what it resumed from and what it came to. */
async function killedAt(url, afterMs) {
  const folder = mkdtempSync(join(tmpdir(), 'chainwalk-kill-'));
  try {
    const first = await launchProfile(folder);
    const page = await opened(first, url);
    await page.locator('#pace').selectOption(PACE);
    await page.locator('#start').click();
    await page.waitForFunction(() => /^[1-9]/.test(document.querySelector('#decisions').textContent), null, { timeout: SLOW });
    await new Promise((next) => setTimeout(next, afterMs));
    const seen = await decisions(page);
    await first.kill();

    const second = await launchProfile(folder);
    const again = await opened(second, url);
    const question = again.locator('#question');
    await question.waitFor({ timeout: SLOW });
    const offer = (await question.locator('p').innerText()).match(/: (\d+) of (\d+) done/);
    await again.locator('#pace').selectOption('full');
    await again.locator('#resume-interrupted').click();
    await reaches(again, 'FINISHED');
    const result = { seen, offered: Number(offer[1]), digest: await digest(again) };
    await second.close();
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** The digest of a run that nobody stopped. */
async function whole(url) {
  const folder = mkdtempSync(join(tmpdir(), 'chainwalk-whole-'));
  const profile = await launchProfile(folder);
  const page = await opened(profile, url);
  await page.locator('#pace').selectOption('full');
  await page.locator('#start').click();
  await reaches(page, 'FINISHED');
  const found = await digest(page);
  await profile.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  return found;
}

/** Kills `count` runs; returns { equal, above, count }: how many ended with the right digest, and how many resumed above 0 %. */
export async function kills(count, say = console.log) {
  const site = await serve();
  try {
    const right = await whole(site.url);
    let [equal, above] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      const afterMs = Math.round(((i + 0.5) / count) * WALK_MS * 0.97);
      const { seen, offered, digest: found } = await killedAt(site.url, afterMs);
      equal += found === right;
      above += offered > 0;
      say(`kill ${i + 1}: at ${seen}, resumed from ${offered}, digest ${found === right ? 'equal' : `DIFFERS: ${found}`}`);
    }
    say(`${count} kills: ${equal} equal digests, ${above} resumed above 0 %`);
    return { equal, above, count };
  } finally {
    await site.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { equal, above, count } = await kills(Number(process.argv[2] ?? 50));
  process.exit(equal === count && above >= 0.8 * count ? 0 : 1);
}
