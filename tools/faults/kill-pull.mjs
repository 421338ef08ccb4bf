// Kills `datasets pull` with SIGKILL at random moments against a local server that stalls, breaks off, ignores ranges and
// answers 503 at random, starts it again each time, and holds the data set that comes of it against the archive's content.
//
//   npx nx run cli:build && node tools/faults/kill-pull.mjs [--kills 50] [--megabytes 20] [--seed 1]
//
// Exits 0 if at no moment a data set that is not whole was visible and the last one is right, 1 otherwise.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '@retinabench/core';
import { create } from 'tar';

const program = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    megabytes: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const random = seededRandom(Number(values.seed));
const work = mkdtempSync(path.join(os.tmpdir(), 'kill-pull-'));
const images = 20;

/** An archive of files of noise, which no compression shortens. */
function makeArchive() {
  const folder = path.join(work, 'source', 'faces');
  mkdirSync(folder, { recursive: true });
  const bytes = Math.ceil((Number(values.megabytes) * 1e6) / images);
  for (let image = 0; image < images; image++) {
    writeFileSync(
      path.join(folder, `${image}.jpg`),
      Buffer.from(Uint8Array.from({ length: bytes }, () => random() * 256)),
    );
  }
  const file = path.join(work, 'faces.tgz');
  create({ file, cwd: path.join(work, 'source'), gzip: true, sync: true }, ['faces']);
  return readFileSync(file);
}

const archive = makeArchive();

/** A server in a bad mood: one answer in eight each is a 503, a stall, a broken connection or one without ranges. */
const server = createServer((request, response) => {
  const mood = Math.floor(random() * 8);
  if (mood === 0) return response.writeHead(503).end();
  const asked = mood === 1 ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const start = Number(asked ?? 0);
  const length = archive.length - start;
  const headers = { 'content-length': length, etag: '"one"' };
  if (asked === undefined) response.writeHead(200, headers);
  else
    response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${archive.length - 1}/${archive.length}` });
  const end = mood === 2 || mood === 3 ? start + Math.floor(random() * length) : archive.length;
  const send = (from) => {
    if (response.destroyed) return undefined;
    const to = Math.min(from + 262_144, end);
    return response.write(archive.subarray(from, to), () => {
      if (to < end) setTimeout(send, 5, to);
      else if (mood === 2) response.destroy();
      else if (mood !== 3) response.end();
    });
  };
  return send(start);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const manifest = path.join(work, 'faces.json');
writeFileSync(
  manifest,
  JSON.stringify({
    version: 1,
    name: 'faces',
    title: 'noise',
    homepage: 'http://localhost/',
    licence: { name: 'none', url: 'http://localhost/', summary: 'Noise.' },
    files: [
      {
        name: 'faces.tgz',
        urls: [`http://127.0.0.1:${server.address().port}/faces.tgz`],
        sizeBytes: archive.length,
        sha256: createHash('sha256').update(archive).digest('hex'),
        unpack: {
          format: 'tar.gz',
          rules: [{ from: 'faces/', to: 'images/' }],
          largestBytes: archive.length * 2,
          largestEntries: 100,
        },
      },
    ],
    unpackedBytes: archive.length,
    expected: { imageFolder: 'images', images, files: [] },
  }),
);
const cache = path.join(work, 'cache');
const root = path.join(cache, 'datasets', 'faces', 'images');
const args = [program, 'datasets', 'pull', manifest, '--accept-licence', '--quiet'];
const env = { ...process.env, RETINABENCH_CACHE: cache, RETINABENCH_MIRROR: '' };

/** Pull, kill after `ms`, and say whether it was still running. */
function killAfter(ms) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), ms);
    child.on('exit', (_, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

/** What is wrong with the data set as it is visible now; nothing visible is right. */
function wrongNow() {
  if (!existsSync(root)) return [];
  const wrong = [];
  const names = readdirSync(root);
  if (names.length !== images) wrong.push(`${names.length} of ${images} images`);
  for (const name of names) {
    if (!readFileSync(path.join(root, name)).equals(readFileSync(path.join(work, 'source', 'faces', name))))
      wrong.push(name);
  }
  return wrong;
}

let killed = 0;
let finished = 0;
const failures = [];
while (killed < Number(values.kills)) {
  if (await killAfter(200 + random() * 3800)) killed++;
  else finished++;
  failures.push(...wrongNow());
  if (existsSync(root)) rmSync(path.dirname(root), { recursive: true });
}
const undisturbed = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
const status = await new Promise((resolve) => undisturbed.on('exit', resolve));
failures.push(...wrongNow());
if (status !== 0 || !existsSync(root)) failures.push(`the last pull exited with ${status}`);
const left = readdirSync(path.join(cache, 'datasets')).filter((name) => name !== 'faces');
if (left.length > 0) failures.push(`left over: ${left.join(', ')}`);
server.closeAllConnections();
server.close();
rmSync(work, { recursive: true, force: true });
console.log(`${killed} kills, ${finished} pulls that ended before theirs, ${failures.length} faults`);
for (const failure of failures) console.log(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
