import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIn } from '../support/run-in.js';

let folder: string;
/** Images that lose a face. */
let lost: ReadonlySet<number>;
const images = 240;

/** Faces of 40 pixels on a row in each of 240 images; detections hit all but one in ten, with false positives between. */
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-gate-detection-'));
  const random = seededRandom(5);
  const truth: string[] = [];
  const detections: { readonly line: string; readonly image: number; readonly hit: boolean }[] = [];
  for (let image = 0; image < images; image++) {
    for (let face = 0; face < 1 + (image % 5); face++) {
      truth.push(`${image}.jpg,${100 * face},0,40,40`);
      const shift = Math.floor(random() * 8);
      const box = `${100 * face + shift},0,40,40`;
      if (random() < 0.9)
        detections.push({ line: `${image}.jpg,${box},${(0.3 + 0.7 * random()).toFixed(4)}`, image, hit: true });
    }
    detections.push({ line: `${image}.jpg,50,300,40,40,${(0.6 * random()).toFixed(4)}`, image, hit: false });
  }
  const write = (name: string, lines: readonly string[], header: string): void =>
    writeFileSync(path.join(folder, name), `${[header, ...lines].join('\n')}\n`);
  write('gt.csv', truth, 'image,x,y,w,h');
  const keep = (which: (image: number) => boolean): string[] =>
    detections.filter(({ image, hit }) => !hit || which(image)).map(({ line }) => line);
  write(
    'base.csv',
    keep(() => true),
    'image,x,y,w,h,score',
  );
  lost = new Set(detections.filter(({ image, hit }) => hit && image % 12 === 0).map(({ image }) => image));
  // The faces of every twelfth image are lost: 8 % of the images.
  write(
    'head.csv',
    keep((image) => image % 12 !== 0),
    'image,x,y,w,h,score',
  );
  for (const name of ['base', 'head']) {
    const { status } = await runIn(
      folder,
      'score',
      '--gt',
      'gt.csv',
      '--pred',
      `${name}.csv`,
      '--out',
      `${name}.json`,
      '--quiet',
    );
    expect(status).toBe(0);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const gate = (...args: string[]) => runIn(folder, 'gate', '--baseline', 'base.json', ...args);

describe('retinabench gate on detection records', () => {
  it('passes the same detections, and says how many images that rests on', async () => {
    const { status, stdout } = await gate('--record', 'base.json', '--json');
    expect(status).toBe(0);
    const { results } = JSON.parse(stdout) as { results: { rule: string; verdict: string; message: string }[] };
    expect(results.map(({ rule, verdict }) => `${rule} ${verdict}`)).toEqual(
      expect.arrayContaining(['detection.ap pass', 'detection.ap50 pass', 'detection.f1 pass']),
    );
    expect(results[0].message).toMatch(/paired over 240 images/);
  });

  it('fails faces that are lost in every twelfth image by the paired interval', async () => {
    const { status, stdout } = await gate('--record', 'head.json', '--json');
    expect(status).toBe(1);
    interface Result {
      readonly rule: string;
      readonly verdict: string;
      readonly values: Readonly<Record<string, number>>;
    }
    const { results } = JSON.parse(stdout) as { results: Result[] };
    const ap = results.find(({ rule }) => rule === 'detection.ap50');
    expect(ap?.verdict).toBe('fail');
    expect(ap?.values.differing).toBe(lost.size);
    const { low = 0, high = 0, difference = 0 } = ap?.values ?? {};
    expect(low).toBeLessThan(difference);
    expect(high).toBeLessThan(-0.002);
  });

  it('holds a floor, and a ceiling of the miss rate', async () => {
    const rules = { 'detection.ap50': ['error', { min: 0.99 }], 'detection.missRate': ['error', { max: 0.001 }] };
    writeFileSync(path.join(folder, 'rules.json'), JSON.stringify(rules));
    const { status, stdout } = await gate('--record', 'base.json', '--config', 'rules.json');
    expect(status).toBe(1);
    expect(stdout).toMatch(/detection\.ap50 is below its floor/);
    expect(stdout).toMatch(/detection\.missRate is above its ceiling/);
  });

  it('judges recalls, AP without a limit, the eleven-point AP, WIDER AP and the miss rate by paired intervals', async () => {
    for (const name of ['base', 'head']) {
      const args = ['--gt', 'gt.csv', '--pred', `${name}.csv`, '--metric', 'coco,voc,f1,fppi,wider'];
      expect((await runIn(folder, 'score', ...args, '--out', `${name}-all.json`, '--quiet')).status).toBe(0);
    }
    const names = ['ar10', 'ar100', 'uncapped.ap50', 'voc.elevenPoint', 'wider.ap'];
    const rules = {
      ...Object.fromEntries(names.map((name) => [`detection.${name}`, ['error', { maxDrop: 0.002 }]])),
      'detection.missRate': ['error', { maxIncrease: 0.02 }],
    };
    writeFileSync(path.join(folder, 'all.json'), JSON.stringify(rules));
    const judged = async (record: string) => {
      const args = ['--baseline', 'base-all.json', '--record', record, '--config', 'all.json', '--json'];
      const { status, stdout } = await runIn(folder, 'gate', ...args);
      return { status, ...(JSON.parse(stdout) as { results: { rule: string; verdict: string; message: string }[] }) };
    };
    const same = await judged('base-all.json');
    expect(same.status).toBe(0);
    const worse = await judged('head-all.json');
    expect(worse.status).toBe(1);
    for (const name of [...names, 'missRate']) {
      expect(same.results.find(({ rule }) => rule === `detection.${name}`)?.verdict, name).toBe('pass');
      const result = worse.results.find(({ rule }) => rule === `detection.${name}`);
      expect(result?.verdict, name).toBe('fail');
      expect(result?.message, name).toMatch(/paired over 240 images/);
    }
  });

  it('refuses a rule on a number that no record has', async () => {
    writeFileSync(path.join(folder, 'typo.json'), JSON.stringify({ 'detection.ap5': 'error' }));
    const { status, stderr } = await gate('--record', 'base.json', '--config', 'typo.json');
    expect(status).toBe(2);
    expect(stderr).toMatch(/detection\.ap5: no such rule/);
  });

  it('does not compare numbers of other settings', async () => {
    const args = ['--gt', 'gt.csv', '--pred', 'base.csv', '--max-dets', '1,10', '--out', 'other.json', '--quiet'];
    expect((await runIn(folder, 'score', ...args)).status).toBe(0);
    const { status, stdout } = await gate('--record', 'other.json');
    expect(status).toBe(2);
    expect(stdout).toMatch(/coco\.maxDets \[1,10,100\] -> \[1,10\]/);
  });

  it('reports the differences on a page and as Markdown, and accepts a baseline', async () => {
    const page = await runIn(folder, 'report', 'base.json', 'head.json', '--out', 'page.html');
    expect(page.status).toBe(0);
    const markdown = await runIn(folder, 'report', 'base.json', 'head.json', '--markdown', '--out', 'page.md');
    expect(markdown.status).toBe(0);
    const text = readFileSync(path.join(folder, 'page.md'), 'utf8');
    expect(text).toMatch(/\| AP \| AP50 \| F1 \| miss rate \|/);
    expect(text).toMatch(/detection\.ap50 \|.*worse/);
    const why = ['--why', 'first', '--by', 'test', '--commit', '0123456'];
    const accepted = await runIn(folder, 'baseline', '--record', 'base.json', ...why);
    expect(accepted.status).toBe(0);
    const history = readFileSync(path.join(folder, 'baselines/history.jsonl'), 'utf8');
    expect(JSON.parse(history).values['detection.ap50']).toBeGreaterThan(0.8);
  });
});
