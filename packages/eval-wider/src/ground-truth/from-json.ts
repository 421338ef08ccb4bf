import { DatasetError, type JsonContract, type JsonSchema, readJson } from '@retinabench/core';
import type { Split } from '@retinabench/results';
import { buildGroundTruth } from './build.js';
import { type FaceLabel, faceLabels, type WiderGroundTruth } from './ground-truth.js';

/** Ground truth with its splits in one JSON file; the form in which data sets other than WIDER FACE come. */
export const groundTruthJsonFile = 'wider_face_val.json';

const label: JsonSchema = { type: 'integer', minimum: 0 };

/** JSON Schema of that file. */
const groundTruthSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Face annotations in WIDER FACE terms, version 1',
  type: 'object',
  properties: {
    version: { type: 'integer', const: 1 },
    images: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', pattern: '^[^/]+/[^/]+$' },
          faces: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                box: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 },
                landmarks: {
                  type: 'array',
                  items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
                  minItems: 5,
                  maxItems: 5,
                },
                ...Object.fromEntries(faceLabels.map((name) => [name, label])),
                splits: { type: 'array', items: { type: 'string', enum: ['easy', 'medium', 'hard'] } },
              },
              required: ['box', ...faceLabels, 'splits'],
              additionalProperties: false,
            },
          },
        },
        required: ['name', 'faces'],
        additionalProperties: false,
      },
    },
  },
  required: ['version', 'images'],
  additionalProperties: false,
};

const contract: JsonContract = {
  schema: groundTruthSchema,
  what: 'face annotations',
  next: 'correct the file (docs/wider-protocol.md, "Ground truth as JSON", shows its form) or fetch it again',
  ErrorClass: DatasetError,
};

interface GroundTruthJson {
  readonly images: readonly {
    readonly name: string;
    readonly faces: readonly (Readonly<Record<FaceLabel, number>> & {
      readonly box: readonly number[];
      readonly splits: readonly Split[];
      readonly landmarks?: readonly (readonly number[])[];
    })[];
  }[];
}

/**
 * Ground truth from `{ "version": 1, "images": [{ "name": "<event>/<image>", "faces": [{ "box": [x, y, w, h],
 * "blur": 0, ..., "invalid": 0, "splits": ["hard"] }] }] }`; a face may have `"landmarks": [[x, y], ...]`, five of them.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the text is not that.
 */
export function groundTruthFromJson(json: string, place: string): WiderGroundTruth {
  const { images } = readJson<GroundTruthJson>(json, place, contract);
  return buildGroundTruth(
    images.map(({ name, faces }) => ({
      name,
      faces: faces.map(({ box, splits, landmarks, ...labels }) => ({
        box,
        labels,
        splits,
        ...(landmarks === undefined ? {} : { landmarks }),
      })),
    })),
    place,
  );
}
