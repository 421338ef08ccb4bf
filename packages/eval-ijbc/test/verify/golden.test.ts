import { readNpyVector } from '@retinabench/files';
import { beforeAll, describe, expect, it } from 'vitest';
import { scorePairs } from '../../src/score/score-pairs.js';
import { parsePoolingCode } from '../../src/template/options.js';
import { farTargets } from '../../src/verify/pick.js';
import { verify } from '../../src/verify/verify.js';
import { goldenFile, poolGolden, readGolden, readReference } from '../golden.js';
import { sharedIsAbsent } from '../shared.js';

/** Norms of image features are summed in another order than in the public script, which works in float32. */
const scoreTolerance = 1e-6;

describe.skipIf(sharedIsAbsent('golden/ijbc-small'))(
  'verification equals the public scripts on golden/ijbc-small (needs the shared data folder)',
  () => {
    let golden: Awaited<ReturnType<typeof readGolden>>;
    beforeAll(async () => {
      golden = await readGolden();
    });

    it.each(['N1D1F1', 'N1D1F0', 'N1D0F1', 'N1D0F0', 'N0D1F1', 'N0D1F0', 'N0D0F1', 'N0D0F0'])(
      'in mode %s of ijb_evals: TAR and achieved FAR exactly, by both rules of the reference',
      async (code) => {
        const expected = readReference().modes[code];
        const templates = await poolGolden(golden, parsePoolingCode(code, 'ijb_evals'));
        const scores = await scorePairs(templates, golden.pairs);
        const result = verify(scores, golden.labels);
        const column = (rule: 'nearest' | 'nearest-all', key: 'tar' | 'achievedFar') =>
          farTargets.map((name) => result.tar[rule][name][key]);
        expect(column('nearest', 'tar')).toEqual(expected.tar);
        expect(column('nearest', 'achievedFar')).toEqual(expected.achievedFar);
        expect(column('nearest-all', 'tar')).toEqual(expected.noDrop.tar);
        expect(column('nearest-all', 'achievedFar')).toEqual(expected.noDrop.achievedFar);
        expect(result.auc).toBeCloseTo(expected.auc, 9);
        expect(Math.abs(Math.max(...scores) - expected.scores.max)).toBeLessThan(scoreTolerance);
        expect(Math.abs(Math.min(...scores) - expected.scores.min)).toBeLessThan(scoreTolerance);
      },
    );

    it.each(['N0D1F1', 'N1D0F0'])('every score of %s within 1e-6', async (code) => {
      const expected = await readNpyVector(goldenFile(`scores-${code}.npy`));
      const scores = await scorePairs(await poolGolden(golden, parsePoolingCode(code, 'ijb_evals')), golden.pairs);
      let worst = 0;
      for (let i = 0; i < scores.length; i++) worst = Math.max(worst, Math.abs(scores[i] - expected[i]));
      expect(scores.length).toBe(expected.length);
      expect(worst).toBeLessThan(scoreTolerance);
    });

    it('a code of ijb_11 gives what its inverted twin of ijb_evals gives', () => {
      expect(parsePoolingCode('N1D1F2', 'ijb_11')).toEqual(parsePoolingCode('N0D1F1', 'ijb_evals'));
      expect(parsePoolingCode('N0D0F0', 'ijb_11')).toEqual(parsePoolingCode('N1D0F0', 'ijb_evals'));
    });
  },
);
