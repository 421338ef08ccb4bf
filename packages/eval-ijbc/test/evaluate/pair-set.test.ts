import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadPairSet } from '../../src/evaluate/pair-set.js';
import { findMeta, type MetaFiles } from '../../src/meta/find.js';
import { tempFolder } from '../temp-files.js';

/** Templates 7 (a, b), 3 (c), 9 (d) and 5 (e, f); 7 and 3 show one subject, 9 and 5 another. */
const imageList = 'a.jpg 7 1\nb.jpg 7 2\nc.jpg 3 3\nd.jpg 9 4\ne.jpg 5 5\nf.jpg 5 6\n';
const pairList = '7 3 1\n7 9 0\n9 5 1\n3 5 0\n';

describe('loadPairSet(meta, pairing, { limit })', () => {
  let meta: MetaFiles;
  beforeEach(async () => {
    const folder = await tempFolder();
    await writeFile(path.join(folder, 'x_face_tid_mid.txt'), imageList);
    await writeFile(path.join(folder, 'x_template_pair_label.txt'), pairList);
    meta = await findMeta(folder);
  });

  it('keeps the pairs of templates that lie wholly within the first images', async () => {
    const set = await loadPairSet(meta, 'file', { limit: 5 });
    expect(set.images.names).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']);
    expect(set.listedNames).toHaveLength(6);
    // Template 5 lacks f.jpg, so that of four pairs 7-3 and 7-9 are left.
    expect([...set.labels]).toEqual([1, 0]);
    const ids = (side: Int32Array) => Array.from(side, (template) => set.index.ids[template]);
    expect([ids(set.pairs.left), ids(set.pairs.right)]).toEqual([
      [7, 7],
      [3, 9],
    ]);
    expect(set.index.ofImage).toHaveLength(5);
  });

  it('pairs the first images with each other, and knows their subjects from the whole pair list', async () => {
    const set = await loadPairSet(meta, 'all-images', { limit: 4 });
    // ab ac ad bc bd cd: a, b and c show one subject.
    expect([...set.labels]).toEqual([1, 1, 0, 1, 0, 0]);
    expect([...set.pairs.left]).toEqual([0, 0, 0, 1, 1, 2]);
  });

  it('is the whole set if the limit is no smaller', async () => {
    expect(await loadPairSet(meta, 'file', { limit: 6 })).toMatchObject({ labels: Uint8Array.of(1, 0, 1, 0) });
  });

  it('says so if the limit leaves no pair', async () => {
    await expect(loadPairSet(meta, 'file', { limit: 1 })).rejects.toThrow(
      /x_template_pair_label\.txt: expected a pair of templates within the first 1 images, got none; raise the limit/,
    );
  });
});
