import { describe, expect, it } from 'vitest';
import { diagnoseDetectorScores } from '../../src/diagnosis/detector-scores.js';
import { formatIds } from '../../src/diagnosis/diagnosis.js';
import { countFeatures, diagnoseMirrored } from '../../src/diagnosis/feature-census.js';
import { diagnoseImages } from '../../src/diagnosis/images.js';
import { diagnoseZeroTemplates } from '../../src/diagnosis/templates.js';
import { arrayFeatures } from '../../src/template/features.js';

/** Diagnose rows after they were read in blocks of `rowsAtOnce`. */
async function census(rows: readonly (readonly number[])[], rowsAtOnce = 7) {
  const dimensions = rows[0].length;
  const source = countFeatures(arrayFeatures('f.npy', Float32Array.from(rows.flat()), dimensions));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await source.read(start, new Float32Array(Math.min(rowsAtOnce, rows.length - start) * dimensions));
  }
  return source.diagnose();
}

const distinct = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i + 1, -i]);

describe('countFeatures(source)', () => {
  it('says nothing of distinct rows, of a few that are equal, and of zeros', async () => {
    expect(await census(distinct(40))).toEqual([]);
    expect(await census([...distinct(40), [1, 0]])).toEqual([]);
    expect(await census([...distinct(20), ...Array.from({ length: 20 }, () => [0, 0])])).toEqual([]);
  });

  it('takes one feature for all images for an error', async () => {
    expect(
      await census([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
    ).toMatchObject([{ code: 'features-constant', level: 'error' }]);
  });

  it('names the share of images with one and the same feature, and its first row', async () => {
    // 10 of 50 rows.
    const [found] = await census([...distinct(40), ...Array.from({ length: 10 }, () => [5, 5])]);
    expect(found).toMatchObject({ code: 'features-repeated', level: 'warning' });
    expect(found.evidence).toBe('f.npy: 20.0 % of the images have one and the same feature, first row 40');
  });
});

describe('diagnoseMirrored(features, flipped)', () => {
  const read = async (rows: readonly (readonly number[])[]) => {
    const source = countFeatures(arrayFeatures('flip.npy', Float32Array.from(rows.flat()), rows[0].length));
    await source.read(0, new Float32Array(rows.flat().length));
    return source;
  };

  it('names mirrored features that are those of the images, and no others', async () => {
    const [found] = diagnoseMirrored(await read(distinct(9)), await read(distinct(9)));
    expect(found).toMatchObject({ code: 'features-mirrored-equal', level: 'warning' });
    expect(diagnoseMirrored(await read(distinct(9)), await read(distinct(9).toReversed()))).toEqual([]);
    expect(diagnoseMirrored(await read([[0, 0]]), await read([[0, 0]]))).toEqual([]);
  });
});

describe('diagnoseDetectorScores(scores, names)', () => {
  it('counts scores below 0 and names the first', () => {
    const [{ code, evidence }] = diagnoseDetectorScores(Float32Array.of(0.5, -2, -1), ['a', 'b', 'c']);
    expect(code).toBe('detector-scores-negative');
    expect(evidence).toBe('2 of 3 detector scores are below 0, first that of b (-2)');
    expect(diagnoseDetectorScores(Float32Array.of(0, 1), ['a', 'b'])).toEqual([]);
  });
});

describe('diagnoseZeroTemplates(templates, place, task)', () => {
  it('names all of them with their number', () => {
    const templates = {
      count: 9,
      dimensions: 1,
      ids: new Int32Array(9),
      vectors: new Float64Array(9),
      zeroIds: [1, 5, 7, 8, 9],
    };
    const [{ evidence }] = diagnoseZeroTemplates(templates, 'f.npy', 'verification');
    expect(evidence).toContain('5 of 9 templates have no usable feature (the sum is zero): templates 1, 5, 7-9');
    expect(diagnoseZeroTemplates({ ...templates, zeroIds: [] }, 'f.npy', 'verification')).toEqual([]);
  });
});

describe('formatIds(ids)', () => {
  it.each([
    [[], ''],
    [[3], '3'],
    [[3, 4], '3, 4'],
    [[1, 5, 7, 8, 9, 11], '1, 5, 7-9, 11'],
  ])('%j is %j', (ids, text) => {
    expect(formatIds(ids)).toBe(text);
  });
});

describe('diagnoseImages(images, place)', () => {
  it('names an image that a template lists twice, and not one that several templates share', () => {
    const list = (ids: readonly number[]) => ({
      names: ['a.jpg', 'b.jpg', 'a.jpg'],
      templateIds: Int32Array.from(ids),
      mediaIds: Int32Array.of(1, 2, 3),
    });
    expect(diagnoseImages(list([1, 1, 2]), 'l.txt')).toEqual([]);
    const [found] = diagnoseImages(list([1, 1, 1]), 'l.txt');
    expect(found).toMatchObject({ code: 'images-repeated', level: 'warning' });
    expect(found.evidence).toContain('a.jpg in template 1 (lines 1 and 3)');
  });
});
