import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnoseEnrolments } from '../../src/diagnosis/enrolments.js';
import { loadPairSet } from '../../src/evaluate/pair-set.js';
import { describeFolders } from '../../src/meta/describe-folders.js';
import { readEnrolment } from '../../src/meta/enrolment.js';
import { findMeta } from '../../src/meta/find.js';
import { tempFolder } from '../temp-files.js';

const people = [
  { name: 'cy', images: ['1.jpg', '2.jpg', '3.jpg'] },
  { name: 'al', images: ['b.png', 'a.jpg'] },
  { name: 'bo', images: ['1.jpg'] },
  { name: 'di', images: ['1.jpg', '2.jpg'] },
];
const describeWith = (seed: number, impostorPairs = 1000) =>
  describeFolders(people, { prefix: 'mine', impostorPairs, random: seededRandom(seed) });

describe('describeFolders(people, options)', () => {
  it('lists every image as a template of its own, people and images by name', () => {
    const { files, ...counts } = describeWith(1);
    expect(files['mine_face_tid_mid.txt'].split('\n').slice(0, 4)).toEqual([
      'al/a.jpg 1 1',
      'al/b.png 2 2',
      'bo/1.jpg 3 3',
      'cy/1.jpg 4 4',
    ]);
    // 8 images have 28 pairs; genuine are 1 of al, 3 of cy, 1 of di. Three people have several images: one is enrolled each.
    expect(counts).toEqual({ people: 4, images: 8, genuine: 5, impostors: 23, galleries: [2, 1], probes: 5 });
  });

  it('makes lists that the readers take and that nothing is wrong with', async () => {
    const folder = path.join(await tempFolder(), 'meta');
    await mkdir(folder);
    for (const [name, text] of Object.entries(describeWith(3).files)) await writeFile(path.join(folder, name), text);
    const meta = await findMeta(folder);
    const set = await loadPairSet(meta, 'file');
    expect(set.diagnoses).toEqual([]);
    expect(set.subjects.count).toBe(4);
    const galleries = await Promise.all(meta.galleries.map(readEnrolment));
    expect(diagnoseEnrolments(galleries, await readEnrolment(meta.probes!))).toEqual([]);
  });

  it('draws as many impostor pairs as asked, each once, the same ones for the same seed', () => {
    const impostorsOf = (seed: number) =>
      describeWith(seed, 10)
        .files['mine_template_pair_label.txt'].split('\n')
        .filter((line) => line.endsWith(' 0'));
    expect(new Set(impostorsOf(1)).size).toBe(10);
    expect(impostorsOf(1)).toEqual(impostorsOf(1));
    expect(impostorsOf(1)).not.toEqual(impostorsOf(2));
  });

  it('refuses people who make no pair, and names with white space', () => {
    const random = seededRandom(1);
    const one = [
      { name: 'al', images: ['1.jpg'] },
      { name: 'bo', images: ['1.jpg'] },
    ];
    const options = { prefix: 'mine', impostorPairs: 9, random };
    expect(() => describeFolders(one, options)).toThrow(
      'at least two people, one of them with two images, got 2 with 2',
    );
    expect(() => describeFolders([...people, { name: 'e f', images: ['1.jpg'] }], options)).toThrow('"e f/1.jpg"');
  });
});
