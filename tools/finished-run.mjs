// A finished run of many images without detecting on them, to measure what going on with it costs: hard links of one image, a
// log of made-up detections as a run writes it, and the prediction files that the program makes of it.
//
//   node tools/finished-run.mjs --images 100000 --folder /tmp/many --measure 3
//
// The folder must be new or one that this program made. It prints processor time and memory of each call of
// `wider predict` that goes on.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '100000' },
    events: { type: 'string', default: '61' },
    faces: { type: 'string', default: '3' },
    folder: { type: 'string' },
    program: { type: 'string', default: fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url)) },
    measure: { type: 'string', default: '3' },
  },
});
if (values.folder === undefined) {
  console.error('finished-run: name the folder that receives images and run with --folder');
  process.exit(2);
}
const [count, events, faces] = [values.images, values.events, values.faces].map(Number);
const data = path.join(values.folder, 'data');
const run = path.join(values.folder, 'run');

/** Links that one file may have on ext4 are 65,000. */
const linksOfFile = 50_000;

function imageName(index) {
  const event = index % events;
  return `${event}--Event/${event}_Event_${Math.floor(index / events)}`;
}

/** Says as a process ends what it has used. */
const measure = `data:text/javascript,${encodeURIComponent(`process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write(\`measured \${userCPUTime} \${systemCPUTime} \${maxRSS}\\n\`);
});`)}`;

/** Processor time, elapsed time and memory of one call. */
function predict(pred, ...more) {
  const where = ['--data', data, '--pred', pred, '--model', 'yunet-n', '--scale', 'vga', '--quiet', ...more];
  const startedMs = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', measure, values.program, 'wider', 'predict', ...where],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const measured = /measured (\d+) (\d+) (\d+)/.exec(stderr);
  if (status !== 0 || measured === null) throw new Error(`wider predict ended with ${status}: ${stderr.slice(-2000)}`);
  const [user, system, kilobytes] = measured.slice(1).map(Number);
  const elapsed = ((performance.now() - startedMs) / 1000).toFixed(2);
  return `${(user / 1e6).toFixed(2)} + ${(system / 1e6).toFixed(2)} CPU s, ${elapsed} s, ${Math.round(kilobytes / 1000)} MB`;
}

/** Hard links of one photograph of the embedded data set. */
function makeImages(file) {
  for (let event = 0; event < events; event++)
    mkdirSync(path.join(data, 'images', `${event}--Event`), { recursive: true });
  let source = file;
  for (let index = 0; index < count; index++) {
    const target = path.join(data, 'images', `${imageName(index)}.jpg`);
    if (index % linksOfFile === 0) copyFileSync(file, target);
    else linkSync(source, target);
    if (index % linksOfFile === 0) source = target;
  }
}

/** Log and index of a run of this identity that has detected on all images, `faces` on each. */
async function writeLogs(identity, sha256, names) {
  const { runId, sealLine } = await import('@retinabench/files');
  const owner = runId(JSON.parse(identity));
  const state = path.join(run, '.retinabench');
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  writeFileSync(path.join(state, 'run.json'), identity);
  const log = openSync(path.join(state, 'detections.jsonl'), 'w');
  const index = openSync(path.join(state, 'images.jsonl'), 'w');
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  const face = (score) =>
    [500 * random(), 400 * random(), 10 + 90 * random(), 10 + 90 * random(), score].map(Math.fround);
  for (const [at, image] of names.entries()) {
    const detections = Array.from({ length: faces }, random)
      .sort((a, b) => b - a)
      .flatMap(face);
    const detectedAt = new Date(Date.UTC(2026, 0, 1) + at * 10).toISOString();
    const detectMs = Math.round(2000 * random()) / 100;
    const entry = { image, widthPx: 640, heightPx: 480, detections, sha256, detectedAt, detectMs };
    writeSync(log, `${sealLine(JSON.stringify(entry), owner)}\n`);
    const { size, mtimeNs, ctimeNs, ino } = statSync(path.join(data, 'images', `${image}.jpg`), { bigint: true });
    writeSync(index, `${JSON.stringify({ name: image, sha256, stamp: `${size} ${mtimeNs} ${ctimeNs} ${ino}` })}\n`);
  }
  closeSync(log);
  closeSync(index);
}

const { listWiderImages, resolveDataset } = await import('@retinabench/datasets');
const { root } = await resolveDataset('mini');
const [{ file }] = await listWiderImages(root);
if (!existsSync(data)) makeImages(file);
// A run on one image says what the identity of all of them is.
const probe = path.join(values.folder, 'probe');
rmSync(probe, { recursive: true, force: true });
console.log(`start with one image: ${predict(probe, '--limit', '1')}`);
const identity = readFileSync(path.join(probe, '.retinabench', 'run.json'), 'utf8');
const runJson = path.join(run, '.retinabench', 'run.json');
if (!existsSync(runJson) || readFileSync(runJson, 'utf8') !== identity) {
  const names = (await listWiderImages(data)).map(({ event, image }) => `${event}/${image}`);
  await writeLogs(identity, createHash('sha256').update(readFileSync(file)).digest('hex'), names);
  console.log(`from the log alone, with prediction files written or compared: ${predict(run)}`);
}
for (let call = 0; call < Number(values.measure); call++) console.log(`going on: ${predict(run)}`);
