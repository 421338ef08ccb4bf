// Kills `report` with SIGKILL at random moments and while it writes, over a page that is there, and reads the page all the
// time: at every moment it is the old one or the new one, whole, byte for byte.
//
//   npx nx run cli:build && node tools/faults/kill-report.mjs [--kills 15] [--seed 1]
//
// Two records take turns, so that the old page and the new one always differ. Exits 0 if no other bytes were ever seen and
// nothing is left over, 1 otherwise.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { contentDigest } from '@retinabench/results';
import { conclude, expect } from './expectations.mjs';
import { killAtRandom } from './kill.mjs';
import { runOrThrow, workFolder } from './program.mjs';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '15' }, seed: { type: 'string', default: '1' } },
});
const work = workFolder('kill-report');
const folder = path.join(work, 'out');
const page = path.join(folder, 'report.html');
mkdirSync(folder);
const records = ['vga', 'long:320'].map((scale, index) => {
  const record = path.join(work, `${index}.json`);
  runOrThrow(['wider', 'all', '--quiet', '--limit', '4', '--scale', scale, '--no-interval', '--out', record], {
    cwd: work,
  });
  // Long enough for its writing to take a while.
  const content = JSON.parse(readFileSync(record, 'utf8'));
  content.dataset.notes.push(`${index}`.repeat(4e6));
  content.contentSha256 = contentDigest(content);
  writeFileSync(record, JSON.stringify(content));
  return record;
});
const report = (turn) => ['report', records[turn % 2], '--quiet', '--out', page];

/** A page without the moment of its making, the only thing in which two pages of one record may differ. */
const timeless = (bytes) => bytes.toString('utf8').replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'T');
const created = (bytes) => /"createdAt":"([^"]+)"/.exec(bytes.toString('utf8'))?.[1];
const wholePages = records.map((_, turn) => {
  runOrThrow(report(turn));
  return timeless(readFileSync(page));
});

let known = readFileSync(page);
let reads = 0;
let changes = 0;
const wrong = [];
/** The page on disk is what it was, or a whole new one. */
function look() {
  const bytes = readFileSync(page);
  reads++;
  if (bytes.equals(known)) return;
  changes++;
  known = bytes;
  if (!wholePages.includes(timeless(bytes))) wrong.push(`${bytes.length} bytes, made ${created(bytes)}`);
}

let watching = true;
async function watch() {
  while (watching) {
    look();
    await sleep(2);
  }
}

/** Two of three kills fall into the writing: as soon as a draft has content or the page changes, or up to 3 ms later. */
const random = seededRandom(Number(values.seed));
const sizes = () =>
  readdirSync(folder).map((name) => {
    const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
    // A first byte is the test whether the place can be written.
    return name === 'report.html' ? `${stats?.ino} ${stats?.mtimeMs} ${stats?.size}` : String((stats?.size ?? 0) > 1);
  });
async function writingBegins(isRunning) {
  const before = sizes().filter((size) => size !== 'false');
  const known = new Set(before);
  const isSame = () => {
    const now = sizes().filter((size) => size !== 'false');
    return now.length === before.length && now.every((size) => known.has(size));
  };
  while (isRunning() && isSame()) await new Promise(setImmediate);
  const fromMs = performance.now();
  const waitMs = random() * 3;
  while (performance.now() - fromMs < waitMs);
}

const watched = watch();
let left = 0;
const count = await killAtRandom({
  kills: Number(values.kills),
  random,
  longestMs: 700,
  args: report,
  moment: ({ killed }, isRunning) => (killed % 3 === 0 ? undefined : writingBegins(isRunning)),
  afterKill: () => {
    look();
    left += readdirSync(folder).length - 1;
  },
  afterFinish: () => {
    look();
    const names = readdirSync(folder);
    if (names.length !== 1) expect('nothing but the page is left after a finished run', false, names.join(', '));
  },
});
runOrThrow(report(0));
watching = false;
await watched;
look();
expect('every page that was read was the old one or the new one, whole', wrong.length === 0, wrong.join('; '));
expect('the last one is the page of its record', timeless(known) === wholePages[0]);
expect(
  'nothing but the page is left after the next finished run',
  readdirSync(folder).length === 1,
  readdirSync(folder).join(', '),
);
conclude(
  `${count.killed} kills (${left} left a draft), ${count.finished + 1} reports that finished, ${reads} reads, ${changes} changes seen`,
);
