import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { GalleryImage, PageData } from '@retinabench/report';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, runIn } from '../../support/run-in.js';
import { names, sizePx, writeFixture } from '../../view/fixture.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'detection-gallery-'));
const places = ['--gt', 'gt.json', '--images', 'data'];
const run = (...args: string[]): Promise<Outcome> => runIn(root, ...args);

beforeAll(() => writeFixture(root));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function pageOf(file: string): PageData {
  const html = readFileSync(path.join(root, file), 'utf8');
  return JSON.parse(/id="page-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
}

/** What became of an image, as `kind error score`, without misses' scores. */
function kindsOf({ boxes }: GalleryImage): string[] {
  return boxes.map(({ kind, error, score }) => [kind, error, score].filter((part) => part !== undefined).join(' '));
}

describe('report with detection records and --pred', () => {
  it('draws what each box is at the score of the record, the costliest image first, the same of each record', async () => {
    const { status, stderr } = await run(
      'report',
      'a.json',
      'b.json',
      '--pred',
      'pred-a.json',
      '--pred',
      'pred-b.json',
      ...places,
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const { gallery, galleryNotes } = pageOf('results/report.html');
    // a at 0.5, as the fixture is worked: of its first image one found twice, one beside its face, which is missed; b misses the
    // face of the second image and the first of the first.
    expect(gallery.map(({ key, name }) => `${key} ${name}`)).toEqual([
      `R1 ${names[0]}`,
      `R1 ${names[1]}`,
      `R2 ${names[0]}`,
      `R2 ${names[1]}`,
    ]);
    expect(gallery.map(kindsOf)).toEqual([
      ['hit 0.9', 'false positive duplicate 0.8', 'false positive localisation 0.7', 'miss'],
      ['hit 0.6'],
      ['hit 0.95', 'miss'],
      ['miss'],
    ]);
    const [first] = gallery;
    expect(first).toMatchObject({ number: 'AP50', split: 'all', event: 'one', widthPx: sizePx.width });
    expect(first.boxes[3]).toMatchObject({ boxXywh: [100, 10, 40, 40], heightPx: 40 });
    expect(first.crops).toHaveLength(1);
    expect(first.apLost).toBeGreaterThan(gallery[1].apLost);
    expect(galleryNotes.join()).toMatch(/What of AP50 is lost .* first order/);
  });

  it('takes predictions by the key of a record, whose others are not shown', async () => {
    const { status } = await run(
      'report',
      'a.json',
      'b.json',
      '--pred',
      'R2=pred-b.json',
      ...places,
      '--out',
      'key.html',
    );
    expect(status).toBe(0);
    expect(new Set(pageOf('key.html').gallery.map(({ key }) => key))).toEqual(new Set(['R2']));
  });

  it("refuses another record's predictions, also where all counts are equal, and moved annotations", async () => {
    const other = await run('report', 'a.json', '--pred', 'pred-b.json', ...places, '--out', 'no.html');
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/pred-b\.json: .* a\.json was made of.*detections: 4 by the record, 3 here/);
    expect(other.stderr).not.toMatch(/--force/);
    // 0.9 becomes 0.85: still four detections, one face missed and two false positives at 0.5.
    const text = readFileSync(path.join(root, 'pred-a.json'), 'utf8');
    writeFileSync(path.join(root, 'alike.json'), text.replace('"score":0.9', '"score":0.85'));
    const alike = await run('report', 'a.json', '--pred', 'alike.json', ...places, '--out', 'no.html');
    expect(alike.status).toBe(2);
    expect(alike.stderr).toMatch(/\(detections or their faces differ in 1 of 2 images, first one\/<b>x\.png\)/);
    const truth = readFileSync(path.join(root, 'gt.json'), 'utf8');
    writeFileSync(path.join(root, 'moved.json'), truth.replace('[50,50,30,30]', '[50.5,50,30,30]'));
    const moved = await run(
      'report',
      'a.json',
      '--pred',
      'pred-a.json',
      '--gt',
      'moved.json',
      '--images',
      'data',
      '--out',
      'no.html',
    );
    expect(moved.status).toBe(2);
    expect(moved.stderr).toMatch(/annotations: SHA-256 [0-9a-f]{12}\.\.\. by the record, [0-9a-f]{12}\.\.\. here/);
    expect(readdirSync(root)).not.toContain('no.html');
  });

  it('says that a record without intervals does not tell what its images cost', async () => {
    const bare = [
      'score',
      '--gt',
      'gt.json',
      '--pred',
      'pred-a.json',
      '--out',
      'bare.json',
      '--no-interval',
      '--force',
    ];
    expect((await run(...bare, '--quiet')).status).toBe(0);
    const { status, stderr } = await run('report', 'bare.json', '--pred', 'pred-a.json', ...places, '--out', 'no.html');
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /bare\.json: expected AP50 lost per image for the gallery, got none; .*without --no-interval/,
    );
  });
});

describe('gate --pictures with detection records', () => {
  const gate = (...args: string[]): Promise<Outcome> =>
    run('gate', '--baseline', 'a.json', '--record', 'b.json', ...args);

  it('draws the image that lost its face, and not the one that gained', async () => {
    const { stderr } = await gate('--pictures', 'pictures', '--pred', 'pred-b.json', ...places);
    expect(stderr).toMatch(/pictures: pictures\/worse-1\.webp/);
    expect(readdirSync(path.join(root, 'pictures')).length).toBeGreaterThan(0);
    const { data, info } = await sharp(path.join(root, 'pictures/worse-1.webp'))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    // The face (50, 50, 30, 30) of the second image is missed: its left edge is red where the image is blue (red 0x33, blue 0x99).
    const at = 3 * (65 * info.width + 50);
    expect(data[at]).toBeGreaterThan(data[at + 2]);
  });

  it('keeps its verdict and refuses the predictions of the baseline', async () => {
    const { status, stderr } = await gate('--pictures', 'pictures', '--pred', 'pred-a.json', ...places);
    expect(status).toBe(2);
    expect(stderr).toMatch(/pred-a\.json: expected the predictions that b\.json was made of/);
  });
});
