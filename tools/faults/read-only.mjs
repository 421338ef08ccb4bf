// Runs every verb that writes with its output on a read-only disk, and with a read-only cache: each must refuse with exit
// code 3 and one line, before any work is done. That nothing was done is seen from outside: no worker process is ever there,
// and files that are named on the command line are pipes that nobody writes to, so that a verb that opens one never ends.
//
//   npx nx run cli:build && node tools/faults/read-only.mjs
//
// Needs the right to mount (root on Linux). Exits 0 if all refused in time, 1 otherwise.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { conclude, expect, expectEnvironmentError, skip } from './expectations.mjs';
import { workersOf } from './processes.mjs';
import { run, runOrThrow, start, workFolder } from './program.mjs';
import { canMount, mountTmpfs } from './tmpfs.mjs';

const timeoutMs = 60_000;
const readOnly = /EROFS.*; (choose|set) /;
const work = workFolder('read-only');
const disk = path.join(work, 'disk');

function makePipe(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  const { status, stderr } = spawnSync('mkfifo', [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mkfifo ${file}: ${stderr}`);
}

/** The embedded data set, a file that never comes, and what other verbs made. */
function makeInputs() {
  const env = { ...process.env, RETINABENCH_DATA: 'mini' };
  const { root } = JSON.parse(runOrThrow(['datasets', 'check', '--quick', '--json', '--quiet'], { env }).stdout);
  const pipe = path.join(work, 'pipes', 'never.jpg');
  makePipe(pipe);
  const faces = path.join(work, 'faces');
  mkdirSync(path.join(faces, 'images'), { recursive: true });
  const [image] = readdirSync(path.join(root, 'WIDER_val', 'images'), { recursive: true }).filter((name) =>
    name.endsWith('.jpg'),
  );
  copyFileSync(path.join(root, 'WIDER_val', 'images', image), path.join(faces, 'images', 'a.jpg'));
  writeFileSync(path.join(faces, 'x_face_tid_mid.txt'), 'a.jpg 1 1\n');
  writeFileSync(path.join(faces, 'x_template_pair_label.txt'), '1 1 1\n');
  const pred = path.join(work, 'pred');
  runOrThrow(['wider', 'predict', '--quiet', '--data', root, '--limit', '4', '--scale', 'vga', '--pred', pred]);
  const record = path.join(work, 'record.json');
  const gt = path.join(root, 'ground_truth');
  runOrThrow([
    'wider',
    'score',
    '--quiet',
    '--pred',
    pred,
    '--gt',
    gt,
    '--images',
    'present',
    '--no-interval',
    '--out',
    record,
  ]);
  return { wider: root, faces, pred, record, pipe, gt };
}

/** Run a verb to its end, and count the worker processes that it starts. */
async function runWatched(args) {
  const { child, ended } = start(args, { cwd: work });
  const workers = new Set();
  const timeout = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const timer = setInterval(() => {
    for (const pid of workersOf(child.pid)) workers.add(pid);
  }, 20);
  const result = await ended;
  clearInterval(timer);
  clearTimeout(timeout);
  return { ...result, workers: workers.size };
}

async function refuseOutputs({ wider, faces, pred, record, pipe, gt }) {
  const out = (name) => path.join(disk, name);
  const lfw = ['--meta', faces, '--images', path.join(faces, 'images')];
  const verbs = [
    ['wider predict', ['--data', wider, '--pred', out('pred')]],
    ...['easy', 'medium', 'hard', 'all'].map((split) => [`wider ${split}`, ['--data', wider, '--out', out('r.json')]]),
    ['wider loss', ['--data', wider, '--model', 'retinaface-resnet50', '--out', out('r.json')]],
    ['wider score', ['--pred', pred, '--gt', gt, '--out', out('new/r.json')]],
    ['wider merge', [pred, '--out', out('r.json')]],
    ['ijbc extract', [...lfw, '--out', out('f.npy')]],
    ['ijbc compare', [...lfw, '--against', 'face-api-ssd-mobilenetv1', '--out', out('r.json')]],
    ['ijbc verify', ['--meta', faces, '--features', pipe, '--out', out('r.json')]],
    ['ijbc verify --scores', ['--scores', pipe, '--labels', pipe, '--out', out('r.json')]],
    ['ijbc identify', ['--meta', faces, '--features', pipe, '--out', out('r.json')]],
    ['bench', ['--image', pipe, '--out-dir', disk]],
    ['parity', ['--data', wider, '--out', out('r.json')]],
    ['report', [record, '--out', out('page.html')]],
    ['gate', ['--baseline', record, '--record', record, '--junit', out('junit.xml')]],
    ['baseline', ['--record', record, '--out', path.join(work, 'baseline.json'), '--history', out('history.jsonl')]],
    ['fit', ['--image', pipe, '--out-dir', disk]],
    ['models import', ['--checkpoint', pipe, '--architecture', 'retinaface-mnet025', '--out', out('m.onnx')]],
    [
      'models quantize',
      ['--model', 'face-api-tiny', '--to', 'int8', '--calibration', path.dirname(pipe), '--out', out('m.onnx')],
    ],
  ];
  for (const [verb, flags] of verbs) {
    const startedMs = performance.now();
    const words = verb.replace(/ --.*/, '').split(' ');
    const result = await runWatched([...words, ...flags]);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    const names = result.stderr.includes(disk);
    expectEnvironmentError(`${verb} on a read-only disk, refused after ${seconds} s`, result, readOnly);
    if (!names || result.workers > 0) {
      expect(`${verb}: names the place, starts no worker`, false, `${result.workers} workers: ${result.stderr}`);
    }
  }
  expect('nothing else was written: no baseline without its history', !readdirSync(work).includes('baseline.json'));
}

/** A cache that is read-only: what is not there cannot be made, what is there works. */
function refuseCache({ pipe }) {
  const env = {
    ...process.env,
    RETINABENCH_CACHE: disk,
    RETINABENCH_DATA: '',
    RETINABENCH_SHARED: path.join(work, 'none'),
  };
  const manifest = path.join(work, 'manifest.json');
  writeFileSync(manifest, JSON.stringify(manifestOf('file:///nowhere')));
  const cases = [
    ['datasets pull', ['datasets', 'pull', manifest, '--accept-licence', '--quiet']],
    ['models pull', ['models', 'pull', 'yunet-n', '--accept-licence', '--quiet']],
    ['wider hard, whose data set is to be built', ['wider', 'hard', '--quiet']],
    ['ijbc verify, whose template set is to be built', ['ijbc', 'verify', '--quiet']],
    [
      'models import, which also goes to the cache',
      [
        'models',
        'import',
        '--checkpoint',
        pipe,
        '--architecture',
        'retinaface-mnet025',
        '--out',
        path.join(work, 'm.onnx'),
      ],
    ],
  ];
  for (const [what, args] of cases) {
    const startedMs = performance.now();
    const result = run(args, { cwd: work, env, timeoutMs });
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    expectEnvironmentError(`${what}, read-only cache, refused after ${seconds} s`, result, /EROFS.*RETINABENCH_CACHE/);
  }
  expect('no model was written outside the cache either', !readdirSync(work).includes('m.onnx'));
}

function useCache() {
  const cache = path.join(work, 'full');
  const filled = mountTmpfs(cache, '300m');
  const env = { ...process.env, RETINABENCH_CACHE: cache, RETINABENCH_DATA: '' };
  const hard = ['wider', 'hard', '--quiet', '--limit', '2', '--scale', 'vga', '--no-interval', '--out'];
  runOrThrow([...hard, path.join(work, 'before.json')], { cwd: work, env });
  filled.makeReadOnly();
  const { status, stderr } = run([...hard, path.join(work, 'after.json'), '--fresh'], { cwd: work, env });
  expect('wider hard works with a read-only cache that has what it needs', status === 0, stderr);
}

function manifestOf(url) {
  return {
    version: 1,
    name: 'x',
    title: 'x',
    homepage: 'http://localhost/',
    licence: { name: 'none', url: 'http://localhost/', summary: 'None.' },
    files: [{ name: 'x.jpg', urls: [url], place: 'images/x.jpg' }],
    unpackedBytes: 0,
    expected: { imageFolder: 'images', images: 1, files: [] },
  };
}

if (canMount()) {
  const inputs = makeInputs();
  const mounted = mountTmpfs(disk, '1m');
  copyFileSync(inputs.record, path.join(disk, 'r.json'));
  mounted.makeReadOnly();
  await refuseOutputs(inputs);
  refuseCache(inputs);
  useCache();
} else skip('read-only disk', 'needs the right to mount');
conclude();
