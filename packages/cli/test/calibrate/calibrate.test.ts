import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import type { ScoreMapFile } from '@retinabench/eval-detection';
import { parseRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, runIn } from '../support/run-in.js';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-calibrate-'));
  writeSet('a', 1);
  writeSet('b', 2);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]): Promise<Outcome> => runIn(folder, ...args);

/** Forty images of three faces; a detection of score s is right with probability s^2: the scores are too sure. */
function writeSet(name: string, seed: number): void {
  const random = seededRandom(seed);
  const images = Array.from({ length: 40 }, (_, at) => ({
    id: at + 1,
    file_name: `${name}${at}.jpg`,
    width: 640,
    height: 480,
  }));
  const boxes = [0, 1, 2].map((at) => [40 + 200 * at, 100, 60, 80]);
  writeFileSync(
    path.join(folder, `${name}-gt.json`),
    JSON.stringify({
      images,
      categories: [{ id: 1, name: 'face' }],
      annotations: images.flatMap(({ id }) =>
        boxes.map((bbox, at) => ({ id: 3 * id + at, image_id: id, category_id: 1, iscrowd: 0, area: 4800, bbox })),
      ),
    }),
  );
  const results = images.flatMap(({ id }) =>
    boxes.map(([x, y, w, h]) => {
      const score = 0.02 + 0.96 * random();
      const isRight = random() < score ** 2;
      return {
        image_id: id,
        category_id: 1,
        bbox: isRight ? [x, y, w, h] : [550 * random(), 220 + 180 * random(), w, h],
        score,
      };
    }),
  );
  writeFileSync(path.join(folder, `${name}-pred.json`), JSON.stringify(results));
}

const mapIn = (file: string): ScoreMapFile => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as ScoreMapFile;

describe('retinabench calibrate', () => {
  it('writes a map that takes error away on images that it was not fitted on, and score applies it to another set', async () => {
    const fitted = await run(
      ...['calibrate', '--gt', 'a-gt.json', '--pred', 'a-pred.json', '--kind', 'isotonic', '--out', 'a.json'],
    );
    expect(fitted.status).toBe(0);
    expect(fitted.stdout).toMatch(/score map: isotonic, \d+ steps, fitted on 20 images with 60 detections/);
    expect(fitted.stdout).toMatch(/held out: 20 images with 60 detections/);
    expect(fitted.stdout).toMatch(/their order is lost/);
    expect(mapIn('a.json').fittedOn).toHaveLength(20);

    const plain = ['score', '--gt', 'b-gt.json', '--pred', 'b-pred.json', '--calibration', '--json'];
    const before = parseRecord((await run(...plain)).stdout, 'before');
    const mapped = await run(...plain, '--score-map', 'a.json');
    const after = parseRecord(mapped.stdout, 'after');
    expect(after.protocol.scoreMap).toMatch(/^isotonic of \d+ steps [0-9a-f]{12}$/);
    expect(after.protocol.id).not.toBe(before.protocol.id);
    expect(after.calibration?.brier).toBeLessThan(before.calibration?.brier ?? 0);
    expect(after.warnings?.join('\n')).toMatch(/score-map-model-unknown/);
    expect(after.warnings?.join('\n')).toMatch(/score-map-ties: \d+ of 120 detections/);
    // Other images: held out.
    expect(after.warnings?.join('\n')).not.toMatch(/not-held-out/);
    expect(after.dataset?.notes?.join('\n')).toMatch(/scores mapped by isotonic.*a\.json.*60 detections on 20 images/);
  });

  it('says that images of the fit are not held out, under other names of their folders and files, too', async () => {
    await run('calibrate', '--gt', 'a-gt.json', '--pred', 'a-pred.json', '--out', 'a-t.json');
    const truth = JSON.parse(readFileSync(path.join(folder, 'a-gt.json'), 'utf8')) as {
      images: { file_name: string }[];
    };
    for (const image of truth.images) image.file_name = `elsewhere/${image.file_name.replace('.jpg', '.png')}`;
    writeFileSync(path.join(folder, 'moved.json'), JSON.stringify(truth));
    const { stderr, stdout } = await run(
      ...['score', '--gt', 'moved.json', '--pred', 'a-pred.json', '--score-map', 'a-t.json', '--json'],
    );
    expect(stderr).toMatch(/score-map-not-held-out: the map was fitted on 20 of these 40 images/);
    // A temperature keeps AP, and the protocol names it.
    const plain = await run('score', '--gt', 'moved.json', '--pred', 'a-pred.json', '--json');
    const [mapped, before] = [stdout, plain.stdout].map((text) => parseRecord(text, 'record'));
    expect(mapped.detection?.values).toEqual(before.detection?.values);
    expect(mapped.protocol.scoreMap).toMatch(/^temperature 0?\.?\d/);
  });

  it('draws the same images under one seed and others under another', async () => {
    const fit = (seed: string, out: string): Promise<Outcome> =>
      run('calibrate', '--gt', 'a-gt.json', '--pred', 'a-pred.json', '--seed', seed, '--out', out);
    await fit('5', 's5.json');
    await fit('5', 's5-again.json');
    await fit('6', 's6.json');
    expect(mapIn('s5-again.json').fittedOn).toEqual(mapIn('s5.json').fittedOn);
    expect(mapIn('s6.json').fittedOn).not.toEqual(mapIn('s5.json').fittedOn);
    expect(mapIn('s6.json').protocol.id).not.toBe(mapIn('s5.json').protocol.id);
  });

  it('does not replace a record, nor takes one as a map', async () => {
    writeFileSync(path.join(folder, 'record.json'), '{"schemaVersion":1,"kind":"detection"}');
    const over = await run('calibrate', '--gt', 'a-gt.json', '--pred', 'a-pred.json', '--out', 'record.json');
    expect(over.status).toBe(2);
    expect(over.stderr).toMatch(/record\.json: holds something else, which the score map would replace/);
    const from = await run('score', '--gt', 'a-gt.json', '--pred', 'a-pred.json', '--score-map', 'record.json');
    expect(from.status).toBe(2);
    expect(from.stderr).toMatch(/record\.json: not a score map/);
  });
});

describe('a map of the scores of one model', () => {
  it('is fitted on the folder of a run, and detect applies it to that model alone', async () => {
    const cache = path.join(folder, 'cache');
    const [image] = (await listWiderImages(await ensureMini({ cacheDir: cache }))).slice(3);
    const photos = path.join(folder, 'photos');
    mkdirSync(photos);
    for (const name of ['one.jpg', 'two.jpg', 'three.jpg']) copyFileSync(image.file, path.join(photos, name));
    const spawn = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args], {
        cwd: folder,
        env: { ...process.env, RETINABENCH_CACHE: cache },
        encoding: 'utf8',
      });
    const first = spawn('detect', 'photos', '--workers', '1', '--json', '--min-score', '0.3');
    expect(first.status).toBe(0);
    const [own] = first.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    // One face annotated where the best is, so that others are wrong.
    const rows = ['one', 'two', 'three'].map((name) => `${name}.jpg,${own.faces[0].boxXywh.join(',')}`);
    rows.push('one.jpg,1,1,5,5');
    writeFileSync(path.join(folder, 'photos.csv'), ['image,x,y,w,h', ...rows, ''].join('\n'));
    const runs = readdirSync(path.join(folder, 'results', 'detect'));
    expect(runs).toHaveLength(1);
    const fitted = spawn(
      ...['calibrate', '--gt', 'photos.csv', '--pred', path.join('results', 'detect', runs[0]), '--force'],
      ...['--out', 'model.json', '--share', '0.6'],
    );
    expect(`${fitted.status} ${fitted.stderr}`).toMatch(/^0 /);
    const map = mapIn('model.json');
    expect(map.model?.id).toBe(own.model);
    const applied = spawn(
      'detect',
      'photos/one.jpg',
      '--workers',
      '1',
      '--json',
      '--score-map',
      'model.json',
      '--min-score',
      '0',
    );
    expect(applied.stderr).toMatch(
      /scores mapped by temperature .* --min-score and what is written are in mapped scores/,
    );
    expect(applied.stderr).not.toMatch(/score-map-/);
    const mapped = JSON.parse(applied.stdout.trim());
    expect(mapped.faces[0].score).not.toBe(own.faces[0].score);
    expect(mapped.faces[0].boxXywh).toEqual(own.faces[0].boxXywh);

    const other = { ...map, model: { id: 'another', sha256: '0'.repeat(64) } };
    writeFileSync(path.join(folder, 'other.json'), JSON.stringify(other));
    const args = ['detect', 'photos/one.jpg', '--workers', '1', '--score-map', 'other.json'];
    const refused = spawn(...args);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /other\.json: expected a map of the scores of .*, got one of another \(000000000000\)/,
    );
    const forced = spawn(...args, '--score-map-force');
    expect(forced.status).toBe(0);
    expect(forced.stderr).toMatch(/score-map-other-model/);
    const settings = spawn(
      'detect',
      'photos/one.jpg',
      '--workers',
      '1',
      '--score-map',
      'model.json',
      '--scale',
      'long:320',
    );
    expect(settings.stderr).toMatch(/score-map-other-settings: .*scale/);
  });
});
