import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { falsePositives, totalRun } from '@retinabench/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectView } from '../../src/view/collect-view.js';
import type { ViewFlags } from '../../src/view/flags.js';
import { runIn } from '../support/run-in.js';
import { writeFixture } from './fixture.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'view-'));
const flags: ViewFlags = { pred: [], port: 0 };
const at = (name: string): string => path.join(root, name);
const given = (): ViewFlags => ({ ...flags, gt: at('gt.json'), images: at('data') });
const records = (): string[] => [at('a.json'), at('b.json')];
const predictions = (): string[] => [at('pred-a.json'), at('pred-b.json')];

beforeAll(() => writeFixture(root));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('collectView of detection records', () => {
  it('has what each box is at any score, as worked by hand', async () => {
    const { index, runs } = await collectView(records(), { ...given(), pred: predictions() }, {});
    const tally = (record: number, score: number) => totalRun(index.faces, runs[record].run, { score, split: 0 });
    // a at 0.5: faces 0 and 2 found, 0.8 a duplicate, 0.7 a localisation error (IoU 10 / 70) of the missed face 1.
    expect(tally(0, 0.5)).toEqual({ found: 2, missed: 1, localisation: 1, duplicate: 1, background: 0, ignored: 0 });
    // a at 0.75: face 2 is missed, too, and only the duplicate is left.
    expect(tally(0, 0.75)).toEqual({ found: 1, missed: 2, localisation: 0, duplicate: 1, background: 0, ignored: 0 });
    // b at 0.5: only face 1; at 0.3 face 0 as well, and a box on nothing.
    expect(tally(1, 0.5)).toMatchObject({ found: 1, missed: 2, background: 0 });
    expect(tally(1, 0.3)).toMatchObject({ found: 2, missed: 1, background: 1 });
    expect(index.records.map(({ key }) => key)).toEqual(['R1', 'R2']);
    expect([...index.present]).toEqual([1, 1]);
  });

  it('takes predictions by key in any order', async () => {
    const [a, b] = predictions();
    const { runs } = await collectView(records(), { ...given(), pred: [`R2=${b}`, `R1=${a}`] }, {});
    expect(runs.map(({ run }) => run.scores.length)).toEqual([4, 3]);
  });

  it('refuses predictions whose numbers are not those of the record, and says which', async () => {
    const [a] = predictions();
    const mistaken = { ...given(), pred: [a, a] };
    await expect(collectView(records(), mistaken, {})).rejects.toThrow(/detections: 3 by the record, 4 here/);
    const { index } = await collectView(records(), { ...mistaken, force: true }, {});
    expect(index.notes.join()).toMatch(/its numbers are not those of/);
  });
});

describe('collectView of a run', () => {
  it('takes the one run folder that lies beside the record, and says so; of none or several it wants to be told', async () => {
    const folder = path.join(root, 'run');
    mkdirSync(folder);
    const { status, stdout } = await runIn(folder, 'wider', 'hard', '--limit', '2', '--json', '--quiet');
    expect(status).toBe(0);
    const { metrics } = JSON.parse(stdout) as { metrics: Record<string, number> };
    const results = path.join(folder, 'results/wider');
    const entries = readdirSync(results);
    const record = entries.find((name) => name.endsWith('.json')) ?? '';
    const run = entries.find((name) => name !== record) ?? '';
    const open = () => collectView([path.join(results, record)], flags, {});
    const { index, runs } = await open();
    expect(index.notes.join('\n')).toContain(`${run}, the run of its model, backend, data set and settings`);
    const total = totalRun(index.faces, runs[0].run, { score: metrics.atScore, split: 2 });
    expect([total.missed, falsePositives(total)]).toEqual([metrics['misses.hard'], metrics['falsePositives.hard']]);
    cpSync(path.join(results, run), path.join(results, 'copy'), { recursive: true });
    await expect(open()).rejects.toThrow(/it may be of any of .*copy/);
    for (const name of [run, 'copy']) rmSync(path.join(results, name), { recursive: true });
    await expect(open()).rejects.toThrow(/--pred R1=PATH \(the run folder/);
  });
});

const wider = path.resolve(
  import.meta.dirname,
  '../../../..',
  process.env.RETINABENCH_SHARED ?? '../shared',
  'datasets/wider',
);

describe.skipIf(!existsSync(wider))(
  'collectView of a WIDER FACE record (skipped without the shared data folder)',
  () => {
    it('gives misses and false positives of the record again at its score, in every split', async () => {
      const folder = 'predictions/retinaface-mnet025-quarter-float';
      const { status, stdout } = await runIn(
        root,
        ...['wider', 'score', '--pred', path.join(wider, folder), '--data', wider, '--out', 'wider.json'],
        ...['--no-interval', '--json'],
      );
      expect(status).toBe(0);
      const { metrics } = JSON.parse(stdout) as { metrics: Record<string, number> };
      const { index, runs } = await collectView(
        [at('wider.json')],
        { ...flags, data: wider, pred: [path.join(wider, folder)] },
        {},
      );
      expect(index.splits).toEqual(['easy', 'medium', 'hard']);
      index.splits.forEach((name, split) => {
        const total = totalRun(index.faces, runs[0].run, { score: metrics.atScore, split });
        expect([name, total.missed, falsePositives(total)]).toEqual([
          name,
          metrics[`misses.${name}`],
          metrics[`falsePositives.${name}`],
        ]);
      });
      expect(index.attributes).toContain('heavy blur');
      expect(runs[0].run.evaluated.filter((one) => one === 1)).toHaveLength(826);
    });
  },
);
