import { objectSchema, objectSchemaWithOptional } from '@retinabench/core/basics';
import { atLeastZero, count, finite, fraction, text } from './schema-parts.js';

const point = objectSchema({
  score: finite,
  precision: fraction,
  recall: fraction,
  f1: fraction,
  fppi: atLeastZero,
  truePositives: count,
  falsePositives: count,
});

const images = objectSchemaWithOptional(
  {
    names: { type: 'array', items: text },
    faces: { type: 'object', additionalProperties: { type: 'array', items: count } },
    digests: { type: 'array', items: { type: 'string', pattern: '^[0-9a-f]{8}$' } },
    influence: {
      type: 'object',
      additionalProperties: objectSchemaWithOptional(
        {
          faces: text,
          perMissedFace: finite,
          perPerfectFace: finite,
          perImage: { type: 'array', items: finite },
          grid: objectSchemaWithOptional(
            {
              recall: { type: 'array', items: fraction },
              step: { type: 'array', items: fraction },
              recalls: { type: 'integer', minimum: 2 },
            },
            ['recalls'],
          ),
        },
        ['grid'],
      ),
    },
    types: { type: 'array', items: { type: 'string', pattern: '^(?:(?:[1-9][0-9]*)?[HLDBOI])*$' } },
  },
  ['types'],
);

/** The numbers of a detection record as JSON Schema; `DetectionResult` is the same as a type. */
export const detectionSchema = objectSchema(
  {
    values: { type: 'object', additionalProperties: fraction },
    interval: {
      type: 'object',
      additionalProperties: { type: 'array', items: fraction, minItems: 2, maxItems: 2 },
    },
    points: { type: 'object', additionalProperties: point },
    missRateCurve: objectSchema({
      fppi: { type: 'array', items: atLeastZero },
      missRate: { type: 'array', items: fraction },
    }),
    faces: objectSchema({ counted: count, ignored: count, crowd: count, dropped: count, withoutArea: count }),
    detections: count,
    images,
  },
  ['values', 'faces', 'detections'],
);
