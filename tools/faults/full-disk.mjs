// Fills the disk under what is written: the cache while the embedded data set is built and another one is pulled, the
// predictions, the features, the page, the record and the model; then makes room and runs the same again.
//
//   npx nx run cli:build && node tools/faults/full-disk.mjs
//
// Needs the right to mount (root on Linux). Exits 0 if everything ended with exit code 3 and one line that says so, showed
// nothing unfinished, kept what was there, and came to the undisturbed result once there was room; 1 otherwise.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { conclude, expect, expectEnvironmentError, skip } from './expectations.mjs';
import { contentOf, detectedImages, differences, predictionsOf } from './folder-content.mjs';
import { run, runOrThrow, workFolder } from './program.mjs';
import { extractionFlags } from './small-faces.mjs';
import { canMount, mountTmpfs } from './tmpfs.mjs';

const noSpace = /ENOSPC.*(make room|free some)/;
const random = seededRandom(1);
const work = workFolder('full-disk');
let disks = 0;

/** A small disk of its own for each part. */
function newDisk(size) {
  const place = path.join(work, `disk${++disks}`);
  return { place, ...mountTmpfs(place, size) };
}

/** Leave `bytes` of a disk of `size` bytes free. */
function fill(place, size, bytes) {
  writeFileSync(path.join(place, 'filler'), Buffer.alloc(size - bytes));
}

function fillCache() {
  const disk = newDisk('3m');
  const own = path.join(work, 'own');
  const names = ['a.jpg', 'b.jpg'];
  mkdirSync(own);
  // Two files that fit the disk one by one, but not beside their copies.
  for (const name of names) {
    writeFileSync(
      path.join(own, name),
      Uint8Array.from({ length: 1_200_000 }, () => random() * 256),
    );
  }
  const manifest = path.join(work, 'faces.json');
  writeFileSync(
    manifest,
    JSON.stringify({
      version: 1,
      name: 'faces',
      title: 'noise',
      homepage: 'http://localhost/',
      licence: { name: 'none', url: 'http://localhost/', summary: 'Noise.' },
      files: names.map((name) => ({ name, urls: [], place: `images/${name}` })),
      unpackedBytes: 0,
      expected: { imageFolder: 'images', images: names.length, files: [] },
    }),
  );
  const env = { ...process.env, RETINABENCH_CACHE: disk.place, RETINABENCH_DATA: '', RETINABENCH_MIRROR: '' };
  const pull = ['datasets', 'pull', manifest, '--accept-licence', '--quiet', '--from', own];
  for (const [what, args] of [
    ['the embedded data set is built', ['datasets', 'check', '--quick', '--quiet']],
    ['a data set is pulled', pull],
  ]) {
    expectEnvironmentError(what, run(args, { env }), noSpace);
    const shown = readdirSync(path.join(disk.place, 'datasets'));
    expect(`${what}: nothing unfinished is left`, shown.length === 0, shown.join(', '));
  }
  disk.resize('40m');
  const built = run(['datasets', 'check', '--quiet'], { env });
  expect('the embedded data set is whole once there is room', built.status === 0, built.stdout + built.stderr);
  const pulled = run(pull, { env });
  expect('the pull goes through once there is room', pulled.status === 0, pulled.stderr);
  const copies = contentOf(path.join(disk.place, 'datasets', 'faces', 'images'));
  expect('what was pulled equals its source', differences(contentOf(own), copies).length === 0);
}

function fillPredictions() {
  const predict = (folder) => ['wider', 'predict', '--quiet', '--limit', '40', '--scale', 'vga', '--pred', folder];
  const calm = path.join(work, 'calm');
  runOrThrow(predict(calm));
  const expected = predictionsOf(calm);
  const logBytes = statSync(path.join(calm, '.retinabench', 'detections.jsonl')).size;
  for (const [what, size] of [
    ['wider predict, full while it detects', Math.round(logBytes / 2)],
    ['wider predict, full while it writes the files', Math.round(logBytes * 1.2) + 32_768],
  ]) {
    const disk = newDisk(String(size));
    const pred = path.join(disk.place, 'pred');
    expectEnvironmentError(what, run(predict(pred)), noSpace);
    const finished = detectedImages(pred);
    expect(`${what}: finished images are kept (${finished.length})`, finished.length > 0);
    const whole = [...predictionsOf(pred)].every(([name, bytes]) => expected.get(name)?.equals(bytes));
    expect(`${what}: no prediction file is cut short (${predictionsOf(pred).size} are there)`, whole);
    disk.resize('40m');
    const { stdout } = runOrThrow([...predict(pred), '--json']);
    expect(`${what}: goes on where it stopped`, JSON.parse(stdout).resumed === finished.length, stdout);
    const differing = differences(expected, predictionsOf(pred));
    expect(`${what}: equals the undisturbed run once there is room`, differing.length === 0, differing.join(', '));
  }
}

function fillFeatures() {
  const extract = (folder) => [
    'ijbc',
    'extract',
    '--quiet',
    ...extractionFlags(40).flags,
    '--out',
    path.join(folder, 'f.npy'),
  ];
  const calm = path.join(work, 'features');
  mkdirSync(calm);
  runOrThrow(extract(calm));
  const expected = contentOf(calm);
  let failed = 0;
  for (const kilobytes of [16, 32, 48, 64]) {
    const disk = newDisk(`${kilobytes}k`);
    const result = run(extract(disk.place));
    if (result.status === 0) break;
    failed++;
    expectEnvironmentError(`ijbc extract on ${kilobytes} kB`, result, noSpace);
    expect(
      `ijbc extract on ${kilobytes} kB: nothing claims to be finished`,
      !existsSync(path.join(disk.place, 'f.json')),
    );
    disk.resize('40m');
    runOrThrow(extract(disk.place));
    const differing = differences(expected, contentOf(disk.place));
    expect(
      `ijbc extract on ${kilobytes} kB: equals the undisturbed one once there is room`,
      differing.length === 0,
      differing.join(', '),
    );
  }
  expect('ijbc extract was cut short at least twice', failed >= 2, failed);
}

/** Outputs of one file each: the old one stays, byte for byte, and nothing lies beside it. */
function fillOutputs() {
  const record = path.join(work, 'record.json');
  const pred = path.join(work, 'calm');
  const all = ['wider', 'all', '--quiet', '--limit', '4', '--scale', 'vga', '--no-interval', '--out'];
  runOrThrow([...all, record], { cwd: work });
  const minis = JSON.parse(
    runOrThrow(['datasets', 'check', '--quick', '--json', '--quiet'], {
      env: { ...process.env, RETINABENCH_DATA: 'mini' },
    }).stdout,
  );
  const model = path.join(work, 'half.onnx');
  const quantize = ['models', 'quantize', '--quiet', '--model', 'face-api-tiny', '--to', 'float16', '--out'];
  const env = { ...process.env, RETINABENCH_CACHE: path.join(work, 'models-cache') };
  for (const [what, name, args, options] of [
    ['report', 'page.html', ['report', record, '--quiet', '--out'], {}],
    [
      'wider score',
      'record.json',
      [
        'wider',
        'score',
        '--quiet',
        '--pred',
        pred,
        '--gt',
        path.join(minis.root, 'ground_truth'),
        '--images',
        'present',
        '--no-interval',
        '--out',
      ],
      {},
    ],
    ['wider all', 'record.json', all, { cwd: work }],
    ['models quantize', 'half.onnx', quantize, { env }],
  ]) {
    const size = 8_000_000;
    const disk = newDisk(String(size));
    const file = path.join(disk.place, name);
    // Of the kind that is written: another kind is not replaced.
    const old =
      { '.html': '<!doctype html>old', '.json': '{"schemaVersion": 1}' }[path.extname(name)] ?? 'what was there';
    writeFileSync(file, old);
    for (const [free, when] of [
      [12_288, 'while it is written'],
      [0, 'from the start'],
    ]) {
      fill(disk.place, size, free + 4096);
      const startedMs = performance.now();
      const result = run([...args, file], options);
      expectEnvironmentError(
        `${what}, full ${when} (${Math.round(performance.now() - startedMs)} ms)`,
        result,
        noSpace,
      );
      expect(
        `${what}, full ${when}: the old file is as it was, nothing beside it`,
        readFileSync(file, 'utf8') === old && readdirSync(disk.place).length === 2,
        readdirSync(disk.place).join(', '),
      );
    }
    writeFileSync(path.join(disk.place, 'filler'), '');
    const after = run([...args, file], options);
    expect(`${what}: goes through once there is room`, after.status === 0 && statSync(file).size > 1000, after.stderr);
  }
  expect('no model is left half written', !existsSync(model));
}

if (canMount()) {
  fillCache();
  fillPredictions();
  fillFeatures();
  fillOutputs();
} else skip('full disk', 'needs the right to mount');
conclude();
