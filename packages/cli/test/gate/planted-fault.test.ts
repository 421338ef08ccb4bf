import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
const shared = path.resolve(process.env.RETINABENCH_SHARED ?? path.join(import.meta.dirname, '../../../../../shared'));
const wider = path.join(shared, 'datasets/wider');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-planted-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function retinabench(...args: string[]) {
  return spawnSync(process.execPath, [main, ...args, '--quiet'], { cwd: folder, encoding: 'utf8' });
}

describe('gate --latency-command on real work', () => {
  // Processor time: what other processes take of it is no fault of the command.
  const work = `const n = 4e5 * Number(process.argv[2]);
const times = [];
let x = 1;
for (let i = 0; i < 30; i++) {
  const from = process.cpuUsage();
  for (let k = 0; k < n; k++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  const { user, system } = process.cpuUsage(from);
  times.push((user + system) / 1000);
}
console.log(JSON.stringify(times));
`;

  it('raises no alarm on a command against itself, and finds one that does twice the work', () => {
    writeFileSync(path.join(folder, 'work.mjs'), work);
    const node = `"${process.execPath}" work.mjs`;
    const against = ['--against', `${node} 1`, '--max-pairs', '12'];
    expect(retinabench('gate', '--latency-command', `${node} 1`, ...against).status).toBe(0);
    expect(retinabench('gate', '--latency-command', `${node} 2`, ...against).status).toBe(1);
  });
});

describe.skipIf(!existsSync(wider))('gate on real predictions (skipped without the shared data folder)', () => {
  const original = path.join(wider, 'predictions/retinaface-mnet025-quarter-float');

  /** Crowded enough that a small share of the detections shows. */
  const events = ['0--Parade', '2--Demonstration'];

  /** Copies the events of the run, each file's detection lines changed by `change`. */
  function changedRun(name: string, change: (lines: string[]) => string[]): string {
    for (const event of events) {
      mkdirSync(path.join(folder, name, event), { recursive: true });
      for (const file of readdirSync(path.join(original, event))) {
        const [image, , ...lines] = readFileSync(path.join(original, event, file), 'utf8')
          .trimEnd()
          .split('\n');
        const changed = change(lines);
        writeFileSync(path.join(folder, name, event, file), [image, changed.length, ...changed, ''].join('\n'));
      }
    }
    return path.join(folder, name);
  }

  function score(predictions: string, out: string): string {
    const gt = path.join(wider, 'ground_truth');
    const flags = ['--images', 'present', '--order', 'any', '--no-interval', '--out', out];
    const { status, stderr } = retinabench('wider', 'score', '--pred', predictions, '--gt', gt, ...flags);
    expect(stderr + status).toMatch(/0$/);
    return out;
  }

  it('finds detections taken away, and does not mind their order', () => {
    const baseline = score(
      changedRun('whole', (lines) => lines),
      'baseline.json',
    );
    // One confident detection in fifty goes: nearly all of them are true.
    let confident = 0;
    const fewer = changedRun('fewer', (lines) =>
      lines.filter((line) => !(Number(line.split(' ')[4]) > 0.7 && ++confident % 50 === 0)),
    );
    const reversed = changedRun('reversed', (lines) => lines.reverse());
    const judge = (record: string) => retinabench('gate', '--baseline', baseline, '--record', record, '--json');
    const fault = judge(score(fewer, 'fewer.json'));
    expect(fault.status).toBe(1);
    const hard = JSON.parse(fault.stdout).results.find(({ rule }: { rule: string }) => rule === 'ap.hard');
    expect(hard).toMatchObject({ verdict: 'fail' });
    expect(hard.values.high).toBeLessThan(-0.002);
    const same = judge(score(reversed, 'reversed.json'));
    expect([same.status, JSON.parse(same.stdout).verdict]).toEqual([0, 'pass']);
  });
});
