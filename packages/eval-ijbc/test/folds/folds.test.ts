import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openNpy } from '@retinabench/files';
import { describe, expect, it } from 'vitest';
import { evaluateFolds } from '../../src/folds/evaluate-folds.js';
import { type FeatureRows, pairDistances } from '../../src/folds/pair-distances.js';
import { readFoldPairs } from '../../src/folds/read-fold-pairs.js';
import { readPickle } from '../../src/folds/read-pickle.js';
import { sharedFolder, sharedIsAbsent } from '../shared.js';
import { tempFile } from '../temp-files.js';

describe('evaluateFolds(pairs, folds, far)', () => {
  it('judges each fold by the threshold that is best on the others, of equal ones the lowest', () => {
    // Fold 1: genuine 0.105, impostor 0.905. Fold 2: genuine 0.505, impostor 0.305.
    const pairs = { distances: Float64Array.of(0.105, 0.905, 0.505, 0.305), labels: Uint8Array.of(1, 0, 1, 0) };
    const { folds, accuracy, genuine, impostors } = evaluateFolds(pairs, 2, 0.5);
    // Fold 2 alone: below 0.305 only the impostor is right (1 of 2), as from 0.51 on the genuine one; the first is 0.
    // At 0 fold 1 has its impostor right. Fold 1 alone: 0.11 is the first with both right, at which fold 2 has 1 of 2.
    expect(folds.map(({ threshold }) => threshold)).toEqual([0, 0.11]);
    expect(folds.map((fold) => fold.accuracy)).toEqual([0.5, 0.5]);
    expect(accuracy).toEqual({ mean: 0.5, deviation: 0 });
    expect([genuine, impostors]).toEqual([2, 2]);
  });

  it('interpolates the threshold of a FAR on the grid', () => {
    const pairs = { distances: Float64Array.of(0.1, 0.9, 0.1, 0.5005), labels: Uint8Array.of(1, 0, 1, 0) };
    // On fold 2 the FAR goes from 0 at 0.500 to 1 at 0.501: a quarter of the way is 0.50025.
    expect(evaluateFolds(pairs, 2, 0.25).folds[0]).toMatchObject({ tar: 1, far: 0 });
    expect(evaluateFolds(pairs, 2, 0.25).folds[0].thresholdAtFar).toBeCloseTo(0.50025, 12);
  });

  it('refuses a fold without pairs of both kinds', () => {
    const pairs = { distances: new Float64Array(4), labels: Uint8Array.of(1, 1, 0, 0) };
    expect(() => evaluateFolds(pairs, 2, 0.1)).toThrow('got 2 and 0 in fold 1');
  });
});

describe.skipIf(sharedIsAbsent('golden/folds'))('golden/folds (needs the shared data folder)', () => {
  const folder = path.join(sharedFolder, 'golden/folds');

  async function rows(name: string): Promise<FeatureRows> {
    const npy = await openNpy(path.join(folder, name));
    const values = new Float32Array(npy.header.items);
    await npy.readInto(0, values);
    await npy.close();
    return { place: name, values, dimensions: npy.header.shape[1] };
  }

  it.each(['pairs.bin', 'many-pairs.csv'])('%s: accuracy, thresholds, TAR and FAR of every fold', async (name) => {
    const reference = JSON.parse(await readFile(path.join(folder, 'reference.json'), 'utf8'))[name];
    const pairs = await readFoldPairs(path.join(folder, name));
    for (const mode of ['flip added', 'no flip']) {
      const flipped = mode === 'no flip' ? undefined : await rows('features-flip.npy');
      const distances = pairDistances(await rows('features.npy'), flipped, pairs);
      const result = evaluateFolds({ distances, labels: pairs.labels }, 10, 1e-3);
      const expected = reference[mode];
      expect(result.folds.map(({ accuracy }) => accuracy)).toEqual(expected.folds.accuracy);
      expect(result.folds.map(({ threshold }) => threshold)).toEqual(expected.folds.threshold);
      expect(result.folds.map(({ tar }) => tar)).toEqual(expected.folds.tar);
      expect(result.folds.map(({ far }) => far)).toEqual(expected.folds.far);
      result.folds.forEach(({ thresholdAtFar }, fold) => {
        expect(thresholdAtFar).toBeCloseTo(expected.folds.thresholdAtFar[fold], 9);
      });
      expect(result.accuracy.mean).toBeCloseTo(expected.accuracy, 12);
      expect(result.accuracy.deviation).toBeCloseTo(expected.deviation, 12);
      expect(result.tar.mean).toBeCloseTo(expected['tarAtFar1e-3'], 12);
      expect(result.tar.deviation).toBeCloseTo(expected.tarDeviation, 12);
      expect(result.farReached).toBeCloseTo(expected.farReached, 12);
    }
  });

  it('reads the same pairs and images from every form of the pickle', async () => {
    const whole = await readFoldPairs(path.join(folder, 'pairs.bin'));
    const text = await readFoldPairs(path.join(folder, 'pairs.txt'));
    expect(text.labels).toEqual(whole.labels);
    expect(text.folds).toBe(10);
    expect(text.names?.slice(0, 2)).toEqual([
      'Paul_McCartney/Paul_McCartney_0001',
      'Paul_McCartney/Paul_McCartney_0002',
    ]);
    const photographs = path.join(sharedFolder, 'datasets/lfw/images');
    expect(text.names?.filter((name) => !existsSync(path.join(photographs, `${name}.jpg`)))).toEqual([]);
    for (const form of ['python2', 'protocol2', 'protocol3', 'protocol5']) {
      const two = await readFoldPairs(path.join(folder, `two-pairs-${form}.bin`));
      expect([...two.labels]).toEqual([1, 0]);
      expect(two.images?.map((image) => Buffer.from(image))).toEqual(
        [0, 1, 12, 13].map((image) => Buffer.from(whole.images![image])),
      );
    }
  });
});

describe('readPickle(bytes, place)', () => {
  const pickle = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

  it('refuses to run anything, and names it', () => {
    expect(() => readPickle(pickle("cos\nsystem\n(S'true'\ntR."), 'p.bin')).toThrow('"os.system", which would be run');
    expect(() => readPickle(pickle('}.'), 'p.bin')).toThrow('p.bin: byte 1: expected a pickle of lists');
  });

  it('refuses truncated files and operations on nothing', () => {
    expect(() => readPickle(pickle(']U\x05ab'), 'p.bin')).toThrow('the end of the file');
    expect(() => readPickle(pickle('a.'), 'p.bin')).toThrow('an empty stack');
    expect(() => readPickle(pickle(']h\x07.'), 'p.bin')).toThrow('memo 7, which was never kept');
    expect(() => readPickle(pickle('(.'), 'p.bin')).toThrow('a mark as its value');
  });
});

describe('readFoldPairs(file)', () => {
  it.each([
    ['pairs.txt', '2\t1\nA\t1\t2\nA\t1\tB\t1\nC\t1\tB\t1\nC\t1\t2\n', 'pairs.txt:4: expected a genuine pair'],
    ['pairs.txt', '2\t1\nA\t1\t2\nA\t1\tB\t1\n', 'expected 4 pairs, as the first line says, got 2'],
    ['pairs.txt', '1\t1\nA\t0\t2\nA\t1\tB\t1\n', 'pairs.txt:2: expected a name and the number of an image from 1'],
    ['pairs.txt', '1\t1\nA\t1\t2\n..\t1\tB\t1\n', 'pairs.txt:3: expected a name and the number of an image from 1'],
    ['pairs.csv', 'fold,a,b,same\n0,0,1,1\n0,0,2,2\n', 'pairs.csv:3: expected fold,a,b,same'],
    ['pairs.csv', '0,0,1,1\n0,0,2,0\n1,4,5,1\n', 'expected folds of one size, got 2, 1 pairs'],
  ])('refuses %s that does not hold what it says', async (name, text, message) => {
    await expect(readFoldPairs(await tempFile(name, text))).rejects.toThrow(message);
  });
});
