import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { classifyErrors } from '../../src/tide/classify.js';
import { decomposeErrors } from '../../src/tide/decompose.js';
import { goldenJson, goldenSet, sharedFolder } from '../golden-set.js';

interface Reference {
  readonly variants: Record<string, Record<string, Record<string, Numbers>>>;
}
interface Numbers {
  readonly AP: number;
  readonly dAP: Record<string, number>;
  readonly special: Record<string, number>;
  readonly counts: Record<string, number>;
}

/** tidecv and NumPy agree to 6e-14 of a point; sums in another order. */
const tolerancePoints = 1e-9;

describe.skipIf(!existsSync(path.join(sharedFolder, 'golden/tide')))(
  'decomposeErrors on 151 WIDER FACE images (skipped without the shared data folder)',
  () => {
    for (const variant of ['counted', 'all'] as const) {
      for (const [cap, limit] of [
        ['maxDets100', 100],
        ['maxDets1000', 1000],
      ] as const) {
        for (const [key, rule] of [
          ['clean', 'clean'],
          ['tidecvRuleRebuilt', 'tidecv'],
          ['tidecv', 'tidecv'],
        ] as const) {
          it(`gives the AP, deltas and counts of ${key} on ${variant}, ${cap}`, () => {
            const expected = goldenJson<Reference>('tide', 'reference.json').variants[variant][cap][key];
            const result = decomposeErrors(goldenSet(variant, limit), { rule, foreground: 0.5, background: 0.1 });
            const points = (share: number | undefined): number => 100 * (share ?? Number.NaN);
            const close = (actual: number, wanted: number): void => {
              expect(Math.abs(actual - wanted)).toBeLessThan(tolerancePoints);
            };
            close(points(result?.ap), expected.AP);
            close(points(result?.lost.localisation), expected.dAP.Loc);
            close(points(result?.lost.both), expected.dAP.Both);
            close(points(result?.lost.duplicate), expected.dAP.Dupe);
            close(points(result?.lost.background), expected.dAP.Bkg);
            close(points(result?.lost.missed), expected.dAP.Miss);
            close(points(result?.lost.falsePositive), expected.special.FalsePos);
            close(points(result?.lost.falseNegative), expected.special.FalseNeg);
            const { Loc, Dupe, Bkg, Miss, Both, TP, ignored, falseNegatives } = expected.counts;
            expect(result?.counts).toMatchObject({
              ...{ localisation: Loc, duplicate: Dupe, background: Bkg, missed: Miss, both: Both },
              ...(TP === undefined ? {} : { hits: TP, ignored, falseNegatives }),
            });
          });
        }
      }
    }

    for (const variant of ['counted', 'all'] as const) {
      it(`gives each detection of ten images the type, face and repair of the table (${variant})`, () => {
        const set = goldenSet(variant, 100);
        const errors = classifyErrors(set);
        const ranks = new Map(Array.from(set.ranked.detection, (at, rank) => [set.detectionIds[at], rank]));
        const names = ['TP', 'Loc', 'Dupe', 'Bkg', 'Both', 'ignored'];
        const rows = table(`types-${variant}.csv`);
        expect(rows.length).toBeGreaterThan(100);
        for (const [, detection, score, , , , , type, , bestIou, face, fix] of rows) {
          const rank = ranks.get(Number(detection)) ?? -1;
          expect(set.ranked.scores[rank]).toBeCloseTo(Number(score), 8);
          expect([detection, names[errors.type[rank]], errors.repairs[rank]]).toEqual([detection, type, Number(fix)]);
          if (Number(bestIou) < 0.1) {
            expect(errors.bestIou[rank]).toBe(0);
            continue;
          }
          expect(errors.bestIou[rank]).toBeCloseTo(Number(bestIou), 7);
          expect(set.faceIds[errors.face[rank]]).toBe(Number(face));
        }
      });

      it(`tells missed faces from those that a detection could repair, as the table does (${variant})`, () => {
        const set = goldenSet(variant, 100);
        const { found, missed } = classifyErrors(set);
        const places = new Map(set.faceIds.map((id, face) => [id, face]));
        for (const [, face, type] of table(`missed-${variant}.csv`)) {
          const place = places.get(Number(face)) ?? -1;
          expect([face, found[place], missed[place]]).toEqual([face, 0, type === 'Miss' ? 1 : 0]);
        }
      });
    }
  },
);

function table(file: string): string[][] {
  const text = readFileSync(path.join(sharedFolder, 'golden/tide', file), 'utf8');
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}
