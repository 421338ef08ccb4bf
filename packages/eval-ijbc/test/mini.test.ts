import { describe, expect, it } from 'vitest';
import { loadPairSet } from '../src/evaluate/pair-set.js';
import { readEnrolment } from '../src/meta/enrolment.js';
import { findMeta } from '../src/meta/find.js';
import { readPoints } from '../src/meta/points.js';
import { ensureTemplateSet } from '../src/mini/ensure-template-set.js';
import { tempFolder } from './temp-files.js';

describe('ensureTemplateSet(cacheFolder)', () => {
  it('builds, once, a set in the file formats of IJB-C from the photographs', async () => {
    const cache = await tempFolder();
    const folder = await ensureTemplateSet(cache);
    expect(await ensureTemplateSet(cache)).toBe(folder);
    const meta = await findMeta(folder);
    const set = await loadPairSet(meta, 'file');
    // 21 faces of the six photographs have five landmarks: 42 crops, 42 * 41 / 2 pairs.
    expect(set.images.names.length).toBe(42);
    expect(set.labels.length).toBe(861);
    expect(set.labels.reduce((sum, label) => sum + label, 0)).toBe(21);
    expect(set.subjects.count).toBe(21);
    expect((await readPoints(meta.points!, set.images.names)).points.every((value) => value > 0)).toBe(true);
    const galleries = await Promise.all(meta.galleries.map(readEnrolment));
    expect(galleries.map(({ templateIds }) => templateIds.length)).toEqual([11, 10]);
    expect((await readEnrolment(meta.probes!)).templateIds.length).toBe(21);
  });

  it('pairs all images, too: every crop its own template', async () => {
    const meta = await findMeta(await ensureTemplateSet(await tempFolder()));
    const set = await loadPairSet(meta, 'all-images');
    expect(set.labels.length).toBe(861);
    expect(set.labels.reduce((sum, label) => sum + label, 0)).toBe(21);
    expect([set.pairs.left[0], set.pairs.right[0], set.pairs.left[860], set.pairs.right[860]]).toEqual([0, 1, 40, 41]);
  });
});
