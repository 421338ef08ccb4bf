import type { JsonSchema } from '@retinabench/core';
import { objectSchema } from '@retinabench/core/basics';
import { browserEnvironmentSchema } from './browser-environment.js';
import { detectTimingSchema } from './detect-timing.js';
import { detectionSchema } from './detection-schema.js';
import { calibrationSchema, operatingSchema, tideSchema } from './error-analysis-schema.js';
import { groupRatesSchema } from './group-rates.js';
import { landmarkSchema } from './landmark-schema.js';
import { loadOfOthersSchema } from './load-of-others.js';
import { matrixSchema } from './matrix-schema.js';
import { paritySchema } from './parity-result.js';
import { ratioToFirstSchema } from './ratio-to-first.js';
import { count, finite, fraction, interval, mapOf, sha256, text } from './schema-parts.js';

const fractions = { type: 'array', items: fraction } as const satisfies JsonSchema;
const time = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$',
} as const satisfies JsonSchema;

function perSplit<const Value extends JsonSchema>(schema: Value) {
  return objectSchema({ easy: schema, medium: schema, hard: schema });
}

/** For what does not exist in a split that counts no face. */
function perCountedSplit<const Value extends JsonSchema>(schema: Value) {
  return objectSchema({ easy: schema, medium: schema, hard: schema }, []);
}

/** One setting of a protocol. */
export const settingSchema = {
  oneOf: [
    { type: 'string' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
  ],
} as const satisfies JsonSchema;

const tarAtFar = mapOf(
  objectSchema(
    {
      tar: fraction,
      achievedFar: fraction,
      threshold: finite,
      impostors: count,
      unresolved: { type: 'boolean', const: true },
      farInterval: interval,
      interval,
    },
    ['tar', 'achievedFar', 'threshold', 'impostors'],
  ),
);

const image = objectSchema(
  {
    name: text,
    points: perSplit({ type: 'string', pattern: '^[A-Za-z0-9+/]*$' }),
    faces: perSplit(count),
    apLost: perCountedSplit(finite),
    types: { type: 'string', pattern: '^(?:(?:[1-9][0-9]*)?[HLDBOI])*$' },
  },
  ['name', 'points', 'faces'],
);

const latency = objectSchema(
  {
    p10: finite,
    median: finite,
    p95: finite,
    p99: finite,
    mean: finite,
    mad: finite,
    n: { type: 'integer', minimum: 1 },
    quantiles: { type: 'array', items: finite },
    roundMedians: { type: 'array', items: finite },
  },
  ['median', 'p95', 'mad', 'n'],
);

/** The result record as JSON Schema (draft 2020-12); `ResultRecord` is the same as a type. */
export const recordSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RetinaBench result record, version 1',
  ...objectSchema(
    {
      schemaVersion: { type: 'integer', const: 1 },
      kind: {
        type: 'string',
        enum: [
          'wider',
          'ijbc-verification',
          'ijbc-identification',
          'latency',
          'parity',
          'loss',
          'landmarks',
          'detection',
          'matrix',
        ],
      },
      createdAt: time,
      command: text,
      model: objectSchema({ id: text, sha256, parameters: count, bytes: count }, ['id']),
      backend: objectSchema({ id: text, version: text, threads: { type: 'integer', minimum: 1 } }, ['id', 'version']),
      dataset: objectSchema(
        {
          name: text,
          split: text,
          images: count,
          sha256,
          groundTruthSha256: sha256,
          imagesSha256: sha256,
          notes: { type: 'array', items: text },
        },
        ['name', 'images', 'sha256'],
      ),
      resumed: objectSchema({ images: { type: 'integer', minimum: 1 }, earliest: time, latest: time }),
      protocol: {
        type: 'object',
        properties: { id: { type: 'string', pattern: '^[0-9a-f]{12}$' } },
        required: ['id'],
        additionalProperties: settingSchema,
      },
      environment: objectSchema(
        {
          cpu: text,
          cores: { type: 'integer', minimum: 1 },
          memoryBytes: count,
          os: text,
          node: text,
          packageVersions: mapOf(text),
          build: text,
          pinnedTo: text,
          browsers: mapOf(browserEnvironmentSchema),
        },
        ['cpu', 'cores', 'memoryBytes', 'os', 'node', 'packageVersions'],
      ),
      warnings: { type: 'array', items: text },
      failures: {
        type: 'array',
        items: objectSchema({
          kind: { type: 'string', enum: ['input', 'work', 'timeout', 'death'] },
          message: text,
          images: { type: 'integer', minimum: 1 },
          named: { type: 'array', items: text },
        }),
      },
      ap: perCountedSplit(fraction),
      interval: perCountedSplit(interval),
      breakdown: mapOf(mapOf(objectSchema({ faces: count, ap: fraction, recall: fraction }))),
      curves: mapOf(
        objectSchema({ precision: { type: 'array', items: fraction }, recall: { type: 'array', items: fraction } }),
      ),
      counts: perSplit(objectSchema({ truePositives: count, proposals: count, faces: count })),
      metrics: mapOf(finite),
      images: { type: 'array', items: image },
      latencyMs: mapOf(latency),
      detectTiming: detectTimingSchema,
      benchRun: { type: 'string', minLength: 1 },
      ratioToFirst: ratioToFirstSchema,
      loadOfOthers: loadOfOthersSchema,
      onceMs: mapOf(finite),
      memoryPeakBytes: count,
      tar: tarAtFar,
      tarNotAbove: tarAtFar,
      tarNearestAll: tarAtFar,
      roc: objectSchema({ far: fractions, tar: fractions }),
      scoreHistogram: objectSchema({
        low: finite,
        high: finite,
        genuine: { type: 'array', items: count },
        impostor: { type: 'array', items: count },
      }),
      identificationCurve: objectSchema({ fpir: fractions, tpir: fractions }),
      rank: mapOf(fraction),
      tpir: mapOf(fraction),
      rankInterval: mapOf(interval),
      tpirInterval: mapOf(interval),
      resampled: objectSchema({
        unit: { type: 'string', const: 'subjects' },
        units: { type: 'integer', minimum: 2 },
        deciding: count,
        seed: count,
        sha256,
        draws: mapOf({ type: 'array', items: fraction, minItems: 2 }),
      }),
      loss: mapOf(finite),
      positives: mapOf(mapOf(count)),
      groups: mapOf(mapOf(groupRatesSchema)),
      folds: objectSchema({ pairs: count, correct: { type: 'string', pattern: '^[A-Za-z0-9+/]*$' } }),
      landmarks: landmarkSchema,
      parity: { type: 'array', items: paritySchema },
      detection: detectionSchema,
      tide: tideSchema,
      calibration: calibrationSchema,
      operating: operatingSchema,
      matrix: matrixSchema,
      contentSha256: sha256,
    },
    ['schemaVersion', 'kind', 'createdAt', 'protocol', 'environment'],
  ),
} as const satisfies JsonSchema;
