// What it costs to go on with a finished run: two builds of the program take turns on the same images, each in a folder of its
// own, with every image resumed; the median of the paired ratios is printed with its spread.
//
//   node tools/resume-cost.mjs --baseline ../before/packages/cli/dist/main.js --data ../shared/datasets/wider --pairs 15
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    baseline: { type: 'string' },
    program: { type: 'string', default: fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url)) },
    data: { type: 'string', default: 'mini' },
    model: { type: 'string', default: 'yunet-n' },
    pairs: { type: 'string', default: '15' },
  },
});
if (values.baseline === undefined) {
  console.error('resume-cost: name the other build with --baseline FILE, the main.js of its cli package');
  process.exit(2);
}

const data = values.data === 'mini' ? 'mini' : path.resolve(values.data);
// Each side works in a folder of its own; a relative path means this one.
const shared = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared');
const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-resume-'));
const sides = [values.baseline, values.program].map((program, index) => ({
  program: path.resolve(program),
  folder: mkdtempSync(path.join(work, `${index}-`)),
}));

/** Seconds that one command takes. */
function run({ program, folder }) {
  const args = ['wider', 'all', '--model', values.model, '--data', data, '--scale', 'vga', '--no-interval', '--quiet'];
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, [program, ...args, '--out', 'r.json'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, RETINABENCH_SHARED: shared },
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

try {
  // The first run detects; the second one's images have rested, so that their stamps are trusted from the third on.
  for (const side of sides) for (let warm = 0; warm < 2; warm++) run(side);
  const seconds = [[], []];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const order = pair % 2 === 0 ? [0, 1] : [1, 0];
    for (const index of order) seconds[index].push(run(sides[index]));
  }
  const ratios = seconds[1].map((time, pair) => time / seconds[0][pair]);
  const middle = median(ratios);
  const spread = median(ratios.map((ratio) => Math.abs(ratio - middle)));
  console.log(
    `before ${median(seconds[0]).toFixed(3)} s, now ${median(seconds[1]).toFixed(3)} s (medians of ${ratios.length})`,
  );
  console.log(`ratio ${middle.toFixed(3)}, median absolute deviation ${spread.toFixed(3)}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
