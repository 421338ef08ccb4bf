// RetinaFace MobileNet-0.25 at VGA, decoded image in, boxes out, one thread: RetinaBench against its bare session.run
// and against the peers that are installed, in turn, round by round, each in a process of its own; then JPEG decoding.
//
//   npx nx run cli:build && node packages/backends/bench/peers/run.mjs [--image FILE] [--rounds 12] [--per-round 10]
//                                                                      [--score-floor 0.5] [--pin 0] [--python python3]
//
// OpenCV is looked for in the Python that --python names (Debian: python3-opencv).
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { anchorPresets, generateAnchors } from '@retinabench/core';
import { resolveModel } from '@retinabench/models/node';
import { summariseLatency } from '@retinabench/results';
import sharp from 'sharp';
import { forOpenCv } from './opencv-model.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const sample = fileURLToPath(import.meta.resolve('@vladmandic/face-api/package.json')).replace(
  'package.json',
  'demo/sample1.jpg',
);
const { values } = parseArgs({
  options: {
    image: { type: 'string', default: sample },
    rounds: { type: 'string', default: '12' },
    'per-round': { type: 'string', default: '10' },
    'score-floor': { type: 'string', default: '0.5' },
    pin: { type: 'string' },
    python: { type: 'string', default: 'python3' },
  },
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'peers-'));
const place = (name) => path.join(folder, name);
const [widthPx, heightPx] = [640, 480];
const { bytes, card } = await resolveModel('retinaface-mnet025');
await sharp(values.image).resize(widthPx, heightPx, { fit: 'cover' }).png().toFile(place('image.png'));
await sharp(values.image).resize(1024, 768, { fit: 'cover' }).jpeg({ quality: 90 }).toFile(place('photograph.jpg'));
writeFileSync(place('model.onnx'), bytes);
writeFileSync(place('model.card.json'), JSON.stringify(card));
writeFileSync(place('opencv.onnx'), forOpenCv(bytes, widthPx, heightPx));
writeFileSync(place('anchors.f32'), generateAnchors(anchorPresets.mnet025, widthPx, heightPx));

const floor = values['score-floor'];
const node = (script, ...args) => [process.execPath, path.join(here, script), ...args];
const detectors = {
  'bare session.run': node(
    'retinabench.mjs',
    place('model.onnx'),
    place('model.card.json'),
    place('image.png'),
    floor,
    'bare',
  ),
  RetinaBench: node(
    'retinabench.mjs',
    place('model.onnx'),
    place('model.card.json'),
    place('image.png'),
    floor,
    'detector',
  ),
  'OpenCV DNN': [
    values.python,
    path.join(here, 'opencv-dnn.py'),
    place('opencv.onnx'),
    place('image.png'),
    place('anchors.f32'),
    floor,
    '0.4',
  ],
  'face-api SSD': node('face-api.mjs', place('image.png'), floor, 'ssd'),
  'face-api tiny': node('face-api.mjs', place('image.png'), floor, 'tiny'),
};

const decoders = {
  RetinaBench: node('decode.mjs', place('photograph.jpg')),
  'OpenCV imread': [values.python, path.join(here, 'opencv-imread.py'), place('photograph.jpg')],
};

/** Start a peer; undefined, and a line that says why, if it cannot run here. */
async function start(name, [program, ...args]) {
  const pinned = values.pin === undefined ? [program, ...args] : ['taskset', '-c', values.pin, program, ...args];
  const child = spawn(pinned[0], pinned.slice(1), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = new Promise((resolve) => child.on('error', (error) => resolve({ done: true, error })));
  const first = await Promise.race([lines.next(), failed]);
  if (first.done) {
    console.log(
      `not measured: ${name}: ${(first.error?.message ?? complaint.trim().split('\n').at(-1)) || 'it ended at once'}`,
    );
    return undefined;
  }
  const { ready, faces } = JSON.parse(first.value);
  return { name, child, lines, ready, faces, samples: [] };
}

/** Start every command that can run, time them in turn, print them against the first. */
async function compare(title, commands) {
  const contestants = [];
  for (const [name, command] of Object.entries(commands)) {
    const contestant = await start(name, command);
    if (contestant !== undefined) contestants.push(contestant);
  }
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const contestant of contestants) {
      contestant.child.stdin.write(`${values['per-round']}\n`);
      const samples = JSON.parse((await contestant.lines.next()).value);
      // The first round warms up.
      if (round >= 0) contestant.samples.push(...samples);
    }
  }
  console.log(`\n${title}, one thread, milliseconds (${os.cpus()[0].model.trim()}, Node ${process.version})`);
  const reference = summariseLatency(contestants[0].samples).median;
  for (const { name, ready, faces, samples, child } of contestants) {
    const { median, p95, mad, n } = summariseLatency(samples);
    const [m, p, d] = [median, p95, mad].map((ms) => ms.toFixed(2).padStart(8));
    const ratio = (median / reference).toFixed(2);
    console.log(`${name.padEnd(17)} median ${m}  p95 ${p}  MAD ${d}  n ${n}  x ${ratio}  faces ${faces}  (${ready})`);
    child.kill();
  }
}

console.log('not measured: ncnn: Debian has no package of it');
console.log('not measured: @tensorflow-models/face-detection: it downloads its model when it starts');
await compare(
  `RetinaFace MobileNet-0.25, ${widthPx} x ${heightPx}, image in, boxes out, score floor ${floor}`,
  detectors,
);
await compare('decoding a JPEG of 1024 x 768', decoders);
rmSync(folder, { recursive: true });
