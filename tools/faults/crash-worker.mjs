// Kills worker processes from outside, as the OOM killer (SIGKILL) and a crash in native code (SIGSEGV) do, while
// `wider predict` and `ijbc extract` run: once each at random moments; then whenever a worker opens one certain image, which
// is a pipe, so that it is seen who opens it; then by the kernel's own OOM killer, for an image too large for a memory limit.
//
//   npx nx run cli:build && node tools/faults/crash-worker.mjs [--crashes 8] [--seed 1]
//
// Linux; the memory limit needs root. Exits 0 if every image was tried once more, those that kill again were named with exit
// code 3, and all else equals the undisturbed run; 1 otherwise.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { conclude, expect, skip } from './expectations.mjs';
import { contentOf, detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { limitMemory } from './memory-limit.mjs';
import { childrenOf, hasOpen, signalProcess } from './processes.mjs';
import { runOrThrow, start, workFolder } from './program.mjs';
import { extractionFlags } from './small-faces.mjs';

const { values } = parseArgs({
  options: { crashes: { type: 'string', default: '8' }, seed: { type: 'string', default: '1' } },
});
const work = workFolder('crash-worker');
const random = seededRandom(Number(values.seed));
const signals = ['SIGKILL', 'SIGSEGV'];
const predict = (folder, ...more) => [
  'wider',
  'predict',
  '--quiet',
  '--scale',
  'vga',
  '--workers',
  '2',
  '--pred',
  folder,
  ...more,
];

/** Kill one worker of a running command after a while, if there is one. */
async function crashOnce(pid, signal, afterMs) {
  await sleep(afterMs);
  const workers = childrenOf(pid);
  if (workers.length === 0) return 0;
  signalProcess(workers[Math.floor(random() * workers.length)], signal);
  return 1;
}

async function crashAtRandom() {
  const calm = path.join(work, 'calm');
  runOrThrow(predict(calm, '--limit', '40'));
  const expected = predictionsOf(calm);
  const features = path.join(work, 'features');
  mkdirSync(features);
  const extract = (name) => [
    'ijbc',
    'extract',
    '--quiet',
    '--workers',
    '2',
    ...extractionFlags(24).flags,
    '--out',
    path.join(features, name, 'f.npy'),
  ];
  runOrThrow(extract('calm'));
  const expectedFeatures = contentOf(path.join(features, 'calm'));
  let crashes = 0;
  for (let round = 0; crashes < Number(values.crashes) && round < Number(values.crashes) * 3; round++) {
    const signal = signals[round % 2];
    const folder = path.join(work, `round${round}`);
    const [what, args] =
      round % 4 < 2 ? ['wider predict', predict(folder, '--limit', '40')] : ['ijbc extract', extract(`round${round}`)];
    const { child, ended } = start(args);
    const hits = await crashOnce(child.pid, signal, 500 + random() * 700);
    const { status, stderr } = await ended;
    if (hits === 0) continue;
    crashes++;
    const differing =
      what === 'wider predict'
        ? differences(expected, predictionsOf(folder))
        : differences(expectedFeatures, contentOf(path.join(features, `round${round}`)));
    expect(
      `${what}, a worker dies of ${signal}: exit code 0, equals the undisturbed run`,
      status === 0 && differing.length === 0,
      `${status} ${stderr} ${differing.join(', ')}`,
    );
    if (what !== 'wider predict') continue;
    const images = detectedImages(folder);
    expect(
      `${what}: each image was detected once`,
      new Set(images).size === images.length && images.length === expected.size,
    );
  }
}

/** Kill, with `signal`, whichever process opens the pipe, until the command has ended. */
async function killWhoOpens(pipe, pid, signal, isRunning) {
  const killed = new Set();
  while (isRunning()) {
    const writer = await open(pipe, 'w');
    const culprits = childrenOf(pid).filter((worker) => hasOpen(worker, pipe));
    for (const culprit of culprits) {
      // One that is dying still has it open for a moment.
      if (!killed.has(culprit)) signalProcess(culprit, signal);
      killed.add(culprit);
    }
    await sleep(20);
    await writer.close();
  }
  return killed.size;
}

/**
 * Run a command of which one image kills its worker each time: once the run has begun (`begun` is there) and before it opens
 * the image, a pipe takes the image's place; at the end the image is back.
 */
async function runWithKiller(args, { file, begun, signal, options = {} }) {
  makePipe(`${file}.pipe`);
  const { child, ended } = start(args, options);
  while (!begun() && child.exitCode === null) await sleep(1);
  renameSync(file, `${file}.aside`);
  renameSync(`${file}.pipe`, file);
  let running = true;
  const killing = killWhoOpens(file, child.pid, signal, () => running);
  const result = await ended;
  running = false;
  // The killer waits for somebody to open the pipe: let it go.
  const reader = await open(file, 'r+');
  const kills = await killing;
  await reader.close();
  renameSync(`${file}.aside`, file);
  return { ...result, kills };
}

function makePipe(file) {
  const { status, stderr } = spawnSync('mkfifo', [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mkfifo ${file}: ${stderr}`);
}

/** A copy of part of the embedded data set: its root, its images, one of which will kill. */
function copyData(name) {
  const { root } = JSON.parse(
    runOrThrow(['datasets', 'check', '--quick', '--json', '--quiet'], {
      env: { ...process.env, RETINABENCH_DATA: 'mini' },
    }).stdout,
  );
  const copy = path.join(work, name);
  cpSync(root, copy, { recursive: true });
  const images = path.join(copy, 'WIDER_val', 'images');
  const [event] = readdirSync(images).sort();
  const files = readdirSync(path.join(images, event)).sort();
  const file = path.join(images, event, files[Math.min(5, files.length - 1)]);
  return { root: copy, file, image: `${event}/${path.parse(file).name}` };
}

async function quarantineDetection() {
  const { root, file, image } = copyData('data');
  const data = ['--data', root, '--limit', '24'];
  const calm = path.join(work, 'quarantine-calm');
  runOrThrow(predict(calm, ...data));
  const expected = predictionsOf(calm);
  const others = new Map([...expected].filter(([name]) => name !== `${image}.txt`));
  for (const signal of signals) {
    const folder = path.join(work, `quarantine-${signal}`);
    const begun = () => existsSync(path.join(folder, '.retinabench', 'detections.jsonl'));
    const { status, stderr, kills } = await runWithKiller(predict(folder, ...data), { file, begun, signal });
    const named = stderr.includes(`quarantined: ${image}: its worker process died twice (${signal})`);
    expect(`an image whose worker dies of ${signal} is tried once more, then left out`, kills === 2, `${kills} deaths`);
    expect('exit code 3, and it is named with its end', status === 3 && named, `${status}: ${stderr}`);
    const differing = differences(others, predictionsOf(folder));
    expect('all other predictions equal the undisturbed ones', differing.length === 0, differing.join(', '));
    const { resumed } = JSON.parse(runOrThrow([...predict(folder, ...data), '--json']).stdout);
    const whole = differences(expected, predictionsOf(folder)).length === 0;
    expect('the same command does that image once it can, and no other', resumed === 23 && whole, `${resumed} resumed`);
  }
  const out = path.join(work, 'killed.json');
  const all = ['wider', 'all', '--quiet', ...data, '--scale', 'vga', '--workers', '2', '--no-interval', '--out', out];
  const runs = path.join(work, 'results', 'wider');
  const begun = () =>
    existsSync(runs) && readdirSync(runs, { recursive: true }).some((name) => name.endsWith('.jsonl'));
  const { status, kills } = await runWithKiller(all, { file, begun, signal: 'SIGKILL', options: { cwd: work } });
  const { dataset, warnings } = JSON.parse(readFileSync(out, 'utf8'));
  expect(
    'wider all scores that image as one without detections, exit code 3',
    status === 3 && kills === 2 && dataset.images === 24,
    `${status}, ${kills} deaths`,
  );
  const named = warnings.some((warning) => warning.includes(image) && /quarantined/.test(warning));
  expect('the record names the image and why', named, warnings);
}

async function quarantineExtraction() {
  const { root } = copyData('photographs');
  const folder = path.join(work, 'faces');
  const images = path.join(folder, 'images');
  mkdirSync(images, { recursive: true });
  const sources = readdirSync(path.join(root, 'WIDER_val', 'images'), { recursive: true })
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .slice(0, 20);
  const names = sources.map((name) => path.basename(name));
  for (const name of sources)
    cpSync(path.join(root, 'WIDER_val', 'images', name), path.join(images, path.basename(name)));
  const list = names.map((name, i) => `${name} ${i + 1} ${i + 1}\n`).join('');
  writeFileSync(path.join(folder, 'x_face_tid_mid.txt'), list);
  writeFileSync(path.join(folder, 'x_template_pair_label.txt'), '1 2 0\n');
  const extract = (name) => [
    ...['ijbc', 'extract', '--quiet', '--meta', folder, '--images', images, '--workers', '2'],
    ...['--out', path.join(work, name, 'f.npy')],
  ];
  runOrThrow(extract('extract-calm'));
  const own = path.join(work, 'extract-killed');
  const log = path.join(own, 'f.npy.run', 'images.jsonl');
  const killer = { file: path.join(images, names[11]), begun: () => existsSync(log), signal: 'SIGKILL' };
  const { status, stderr, kills } = await runWithKiller(extract('extract-killed'), killer);
  expect('ijbc extract: an image that kills is tried once more, alone', kills === 2, `${kills} deaths`);
  const said = `1 of 20 images could not be extracted, the others are kept: ${names[11]}: its worker process died twice (SIGKILL)`;
  const finished = existsSync(path.join(own, 'f.json'));
  expect(
    'ijbc extract: exit code 3, it is named, nothing claims to be finished',
    status === 3 && stderr.includes(said) && !finished,
    `${status}: ${stderr}`,
  );
  const kept = readFileSync(log, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).image);
  expect(
    'ijbc extract: the other 19 are kept, each once',
    kept.length === 19 && new Set(kept).size === 19 && !kept.includes(11),
    kept.join(', '),
  );
  const { resumed } = JSON.parse(runOrThrow([...extract('extract-killed'), '--json']).stdout);
  const differing = differences(contentOf(path.join(work, 'extract-calm')), contentOf(own));
  expect(
    'ijbc extract: the same command does that image once it can, and the features equal the undisturbed ones',
    resumed === 19 && differing.length === 0,
    `${resumed} resumed; ${differing.join(', ')}`,
  );
}

/** The real thing: an image that needs more memory than there is. */
async function runOutOfMemory() {
  const megabytes = 2 ** 20;
  const limit = limitMemory(700 * megabytes);
  if (limit === undefined) return skip('the OOM killer', 'needs memory control groups and root');
  const { root, file, image } = copyData('large');
  const { default: sharp } = await import('sharp');
  await sharp({ create: { width: 13_000, height: 13_000, channels: 3, background: '#567' } })
    .jpeg()
    .toFile(file);
  const folder = path.join(work, 'out-of-memory');
  const args = predict(folder, '--data', root, '--limit', '12');
  const { status, stderr } = await start(args, { command: limit.command }).ended;
  expect(
    `the OOM killer struck (${limit.kills()} times), and the image of 169 megapixels is quarantined`,
    limit.kills() === 2 &&
      status === 3 &&
      stderr.includes(`quarantined: ${image}: its worker process died twice (SIGKILL)`),
    `${status}, ${limit.kills()} kills: ${stderr}`,
  );
  limit.setLimit(4096 * megabytes);
  const again = await start([...args, '--json'], { command: limit.command }).ended;
  expect(
    'with more memory the same command does that image, and no other',
    again.status === 0 && JSON.parse(again.stdout).resumed === 11,
    again.stderr,
  );
  const calm = path.join(work, 'large-calm');
  runOrThrow(predict(calm, '--data', root, '--limit', '12'));
  const differing = differences(predictionsOf(calm), predictionsOf(folder));
  expect('and the result equals the undisturbed one', differing.length === 0, differing.join(', '));
  return undefined;
}

if (process.platform === 'linux') {
  await crashAtRandom();
  await quarantineDetection();
  await quarantineExtraction();
  await runOutOfMemory();
} else skip('crashes of workers', 'needs /proc to see the workers');
conclude();
