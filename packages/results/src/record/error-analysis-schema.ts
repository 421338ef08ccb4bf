import type { JsonSchema } from '@retinabench/core';
import { objectSchema } from '@retinabench/core/basics';
import { atLeastZero, count, finite, fraction, interval, text } from './schema-parts.js';

const draws = { type: 'array', items: atLeastZero } as const satisfies JsonSchema;
const resampling = objectSchema({
  unit: { type: 'string', const: 'images' },
  resamples: { type: 'integer', minimum: 2 },
  seed: { type: 'integer' },
});

function perLoss<const Value extends JsonSchema>(value: Value) {
  return {
    localisation: value,
    both: value,
    duplicate: value,
    background: value,
    missed: value,
    falsePositive: value,
    falseNegative: value,
  } as const;
}

const tideCounts = objectSchema({
  hits: count,
  localisation: count,
  both: count,
  duplicate: count,
  background: count,
  missed: count,
  ignored: count,
  falsePositives: count,
  falseNegatives: count,
});

/** `tide` of a record; `TideAnalysis` is the same as a type. */
export const tideSchema = objectSchema(
  {
    rule: { type: 'string', enum: ['clean', 'tidecv'] },
    foreground: fraction,
    background: fraction,
    maxDetections: { type: 'integer', minimum: 1 },
    counted: text,
    faces: count,
    ap: fraction,
    lost: objectSchema(perLoss(fraction)),
    counts: tideCounts,
    interval: objectSchema({ ap: interval, lost: objectSchema(perLoss(interval)) }),
    resampling,
    draws: objectSchema(perLoss({ type: 'array', items: fraction })),
    groups: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: objectSchema({
          faces: count,
          counts: tideCounts,
          lost: objectSchema(perLoss(fraction), []),
        }),
      },
    },
  },
  ['rule', 'foreground', 'background', 'faces', 'ap', 'lost', 'counts'],
);

const calibrationErrors = { ece: fraction, mce: fraction, brier: atLeastZero } as const;

/** `calibration` of a record; `CalibrationAnalysis` is the same as a type. */
export const calibrationSchema = objectSchema(
  {
    ...calibrationErrors,
    matching: text,
    counted: text,
    binning: { type: 'string', enum: ['equal-width', 'quantile', 'observed-range'] },
    bins: {
      type: 'array',
      items: objectSchema({ low: finite, high: finite, count, meanScore: finite, precision: fraction }, [
        'low',
        'high',
        'count',
      ]),
    },
    meanScore: finite,
    precision: fraction,
    detections: count,
    interval: objectSchema({ ece: interval, mce: interval, brier: interval }),
    resampling,
    draws: objectSchema({ ece: draws, mce: draws, brier: draws }),
    heldOut: objectSchema({
      folds: { type: 'integer', minimum: 2 },
      seed: { type: 'integer' },
      before: objectSchema(calibrationErrors),
      temperature: objectSchema({ ...calibrationErrors, fitted: atLeastZero }),
      isotonic: objectSchema(calibrationErrors),
    }),
  },
  ['ece', 'mce', 'brier', 'matching', 'binning', 'bins', 'meanScore', 'precision', 'detections'],
);

/** `operating` of a record; `OperatingTable` is the same as a type. */
export const operatingSchema = objectSchema(
  {
    matching: text,
    counted: text,
    images: count,
    faces: count,
    points: {
      type: 'array',
      items: objectSchema(
        {
          wanted: text,
          score: finite,
          truePositives: count,
          falsePositives: count,
          precision: fraction,
          recall: fraction,
          f1: fraction,
          fppi: atLeastZero,
          interval: objectSchema({ precision: interval, recall: interval, f1: interval, fppi: interval }, []),
        },
        ['wanted', 'score', 'truePositives', 'falsePositives', 'fppi'],
      ),
    },
    unreached: { type: 'array', items: objectSchema({ wanted: text, nearestScore: finite, reached: finite }) },
    resampling,
  },
  ['matching', 'images', 'faces', 'points'],
);
