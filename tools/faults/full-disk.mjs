// Fills the disk under a cache: builds the embedded data set and pulls another on a tmpfs that is too small for either,
// then makes room and runs the same again. Needs the right to mount (root on Linux).
//
//   npx nx run cli:build && node tools/faults/full-disk.mjs
//
// Exits 0 if both ended with exit code 3 and one line that says so, showed nothing unfinished, and went through once there
// was room; 1 otherwise.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@retinabench/core';

const program = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const work = mkdtempSync(path.join(os.tmpdir(), 'full-disk-'));
const cache = path.join(work, 'cache');
const own = path.join(work, 'own');
const random = seededRandom(1);
const faults = [];

function must(command, ...args) {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

function run(...args) {
  const env = { ...process.env, RETINABENCH_CACHE: cache, RETINABENCH_DATA: '', RETINABENCH_MIRROR: '' };
  return spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' });
}

function expect(what, holds, detail = '') {
  console.log(`${holds ? 'ok   ' : 'FAULT'} ${what}`);
  if (!holds) faults.push(`${what} ${detail}`);
}

/** Two files that fit the disk one by one, but not beside their copies. */
mkdirSync(cache);
mkdirSync(own);
for (const name of ['a.jpg', 'b.jpg']) {
  writeFileSync(path.join(own, name), Buffer.from(Uint8Array.from({ length: 1_200_000 }, () => random() * 256)));
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
    files: ['a.jpg', 'b.jpg'].map((name) => ({ name, urls: [], place: `images/${name}` })),
    unpackedBytes: 0,
    expected: { imageFolder: 'images', images: 2, files: [] },
  }),
);
const pull = ['datasets', 'pull', manifest, '--accept-licence', '--quiet', '--from', own];

must('mount', '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', cache);
try {
  for (const [what, args] of [
    ['mini is built', ['datasets', 'check', '--quick', '--quiet']],
    ['a data set is pulled', pull],
  ]) {
    const { status, stderr } = run(...args);
    expect(`${what} on a full disk: exit code 3`, status === 3, `${status}: ${stderr}`);
    expect(
      `${what} on a full disk: says so, without a stack`,
      /ENOSPC/.test(stderr) && !/\n {4}at /.test(stderr),
      stderr,
    );
    const shown = readdirSync(path.join(cache, 'datasets'));
    expect(`${what} on a full disk: nothing unfinished is left`, shown.length === 0, shown.join(', '));
  }
  must('mount', '-o', 'remount,size=40m', cache);
  const built = run('datasets', 'check', '--quiet');
  expect('mini is whole once there is room', built.status === 0, built.stdout + built.stderr);
  const pulled = run(...pull);
  expect('the pull goes through once there is room', pulled.status === 0, pulled.stderr);
  for (const name of ['a.jpg', 'b.jpg']) {
    const copy = readFileSync(path.join(cache, 'datasets', 'faces', 'images', name));
    expect(`${name} equals its source`, copy.equals(readFileSync(path.join(own, name))));
  }
} finally {
  must('umount', cache);
  rmSync(work, { recursive: true, force: true });
}
console.log(`${faults.length} faults`);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
