// Sets the wall clock back and forth, by hours and by years, while `wider predict`, `ijbc extract`, `datasets pull` and
// `bench` run, between a run and its resumption, and between two runs that want the same output. The system's own clock is
// left alone: libfaketime (apt-get install faketime) gives the processes another one; their monotonic clock stays right.
//
//   npx nx run cli:build && node tools/faults/clock.mjs
//
// Needs faketime and script (Linux). Exits 0 if every result equals the undisturbed one, no progress showed a rate or a time
// left that is none, every latency is what a monotonic clock measures, and locks held; 1 otherwise.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@retinabench/core';
import { conclude, expect, skip } from './expectations.mjs';
import { fakeClock, hasFaketime } from './faketime.mjs';
import { contentOf, detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { program, start, workFolder } from './program.mjs';
import { serveFaces } from './pull-fixture.mjs';
import { extractionFlags } from './small-faces.mjs';

const offsets = ['-1h', '-3000d', '+2h', '-10d', '+0', '-1s'];
const work = workFolder('clock');

const { env: shifted, set: setClock } = fakeClock(path.join(work, 'offset'));

/** Run while the clock jumps every 150 ms; on a terminal, so that progress is drawn. */
async function runOnTerminal(args, env) {
  setClock('+0');
  const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qefc', words, '/dev/null'], {
    env: { ...env, ...shifted, COLUMNS: '120' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    shown += text;
  });
  let jumps = 0;
  const timer = setInterval(() => setClock(offsets[jumps++ % offsets.length]), 150);
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  return { status, shown, jumps };
}

/** Rates and times left that no reader could make sense of. */
function nonsense(shown) {
  const drawn = [...shown.matchAll(/ {2}(\S+) [\w ]+\/s {2}(.+?) left/g)];
  const wrong = drawn.filter(([, rate, left]) => !(Number(rate) >= 0) || !/^(\d+ s|\d+(:\d\d){1,2}|\?)$/.test(left));
  return { drawn: drawn.length, wrong: wrong.map(([text]) => text) };
}

const faces = await serveFaces(work, { megabytes: 8, random: seededRandom(1), pauseMs: 100 });
const cache = path.join(work, 'cache');
const verbs = [
  {
    verb: 'wider predict',
    place: (name) => path.join(work, name),
    args: (place) => ['wider', 'predict', '--limit', '60', '--scale', 'vga', '--pred', place],
    content: predictionsOf,
    env: process.env,
  },
  {
    verb: 'ijbc extract',
    place: (name) => path.join(work, `${name}-features`, 'f.npy'),
    args: (place) => ['ijbc', 'extract', ...extractionFlags(24).flags, '--out', place],
    content: (place) => contentOf(path.dirname(place)),
    env: process.env,
  },
  {
    verb: 'datasets pull',
    place: () => path.join(cache, 'datasets', 'faces'),
    args: () => ['datasets', 'pull', faces.manifest, '--accept-licence'],
    content: (place) => contentOf(path.join(place, 'images')),
    env: { ...process.env, RETINABENCH_CACHE: cache, RETINABENCH_MIRROR: '' },
  },
];

async function jumpDuring({ verb, place, args, content, env }, expected) {
  const own = place('jumping');
  rmSync(own, { recursive: true, force: true });
  const { status, shown, jumps } = await runOnTerminal(args(own), env);
  const differing = differences(expected, content(own));
  expect(
    `${verb} while the clock jumps ${jumps} times: equals the undisturbed run`,
    status === 0 && differing.length === 0,
    `${status}: ${shown.slice(-500)} ${differing.join(', ')}`,
  );
  const { drawn, wrong } = nonsense(shown);
  expect(
    `${verb}: ${drawn} times drawn, rate and time left always make sense`,
    drawn > 0 && wrong.length === 0,
    wrong.join(' | '),
  );
}

async function jumpBetween({ verb, place, args, content, env }, expected) {
  for (const offset of ['-3000d', '+3000d']) {
    const own = place(`between${offset}`);
    rmSync(own, { recursive: true, force: true });
    setClock('+0');
    const first = start([...args(own), '--quiet'], { env: { ...env, ...shifted } });
    await sleep(1300);
    first.child.kill('SIGKILL');
    await first.ended;
    setClock(offset);
    const { status, stderr } = await start([...args(own), '--quiet'], { env: { ...env, ...shifted } }).ended;
    const differing = differences(expected, content(own));
    expect(
      `${verb}, killed and resumed with the clock ${offset}: equals the undisturbed run`,
      status === 0 && differing.length === 0,
      `${status}: ${stderr} ${differing.join(', ')}`,
    );
    if (verb === 'wider predict') {
      const images = detectedImages(own);
      expect(`${verb}: nothing was detected twice`, new Set(images).size === images.length);
    }
  }
}

/** A lock is no older or younger for the clock. */
async function lockAcrossJump({ verb, place, args, env }) {
  const own = place('held');
  setClock('+0');
  const first = start([...args(own), '--quiet'], { env: { ...env, ...shifted } });
  while (!existsSync(path.join(own, '.retinabench', 'lock'))) await sleep(5);
  for (const offset of ['+3000d', '-3000d']) {
    setClock(offset);
    const { status, stderr } = await start([...args(own), '--quiet'], { env: { ...env, ...shifted } }).ended;
    expect(
      `${verb}: a second run with the clock ${offset} is refused`,
      status === 3 && /in use by process/.test(stderr),
      `${status}: ${stderr}`,
    );
  }
  expect(`${verb}: the first one ends well`, (await first.ended).status === 0);
}

async function latenciesWhileJumping() {
  const medians = [];
  for (const jumping of [false, true]) {
    const folder = path.join(work, `latency-${jumping}`);
    const args = ['bench', '--rounds', '4', '--round-ms', '200', '--out-dir', folder];
    const { status } = jumping ? await runOnTerminal(args, process.env) : await start(args).ended;
    const [name] = readdirSync(folder);
    const { latencyMs, onceMs } = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    const numbers = [
      ...Object.values(latencyMs).flatMap(({ median, p95, mad }) => [median, p95, mad]),
      ...Object.values(onceMs),
    ];
    expect(
      `bench${jumping ? ' while the clock jumps' : ''}: every latency is a time (${numbers.length} numbers)`,
      status === 0 && numbers.every((ms) => ms >= 0 && ms < 60_000),
      numbers.join(', '),
    );
    medians.push(latencyMs.total.median);
  }
  const ratio = medians[1] / medians[0];
  expect(
    `bench: median ${medians[0].toFixed(1)} ms undisturbed, ${medians[1].toFixed(1)} ms while the clock jumps by years`,
    ratio > 0.1 && ratio < 10,
    ratio,
  );
}

/** A record that is replaced by one with an older time is a change. */
async function watchOlderRecord() {
  const [name] = readdirSync(path.join(work, 'latency-false'));
  const record = path.join(work, 'latency-false', name);
  const page = path.join(work, 'page.html');
  const { child, ended } = start(['report', record, '--watch', '--out', page]);
  while (!existsSync(page)) await sleep(20);
  await sleep(500);
  const before = readFileSync(page);
  const text = readFileSync(record, 'utf8');
  writeFileSync(
    record,
    text.replace('"warnings":[', '"warnings":["another",') === text
      ? `${text}\n`
      : text.replace('"warnings":[', '"warnings":["another",'),
  );
  utimesSync(record, 1, 1);
  const untilMs = performance.now() + 20_000;
  while (readFileSync(page).equals(before) && performance.now() < untilMs) await sleep(50);
  expect('report --watch sees a record whose time goes back to 1970', !readFileSync(page).equals(before));
  child.kill('SIGINT');
  await ended;
}

if (!hasFaketime || spawnSync('script', ['--version']).status !== 0)
  skip('clock', 'needs faketime (apt-get install faketime) and script');
else {
  for (const kind of verbs) {
    const calm = kind.place('calm');
    const { status, stderr } = await start([...kind.args(calm), '--quiet'], { env: kind.env }).ended;
    if (status !== 0) throw new Error(`${kind.verb}: ${stderr}`);
    const expected = kind.content(calm);
    await jumpDuring(kind, expected);
    await jumpBetween(kind, expected);
  }
  await lockAcrossJump(verbs[0]);
  await latenciesWhileJumping();
  await watchOlderRecord();
}
faces.close();
conclude();
