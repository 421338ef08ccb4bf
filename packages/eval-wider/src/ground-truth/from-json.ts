import { type ByteSource, readJsonElements } from '@retinabench/annotations/visit';
import {
  DatasetError,
  describeViolations,
  type JsonSchema,
  type JsonViolation,
  validateJson,
} from '@retinabench/core/basics';
import type { Split } from '@retinabench/results';
import type { AnnotatedImage } from './build.js';
import { type FaceLabel, faceLabels, type WiderGroundTruth } from './ground-truth.js';
import { GroundTruthBuilder } from './ground-truth-builder.js';

/** Ground truth with its splits in one JSON file; the form in which data sets other than WIDER FACE come. */
export const groundTruthJsonFile = 'wider_face_val.json';

const label: JsonSchema = { type: 'integer', minimum: 0 };

/** JSON Schema of an image of that file. */
const imageSchema: JsonSchema = {
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
};

/** JSON Schema of the file, its images apart. */
const fileSchema: JsonSchema = {
  type: 'object',
  properties: { version: { type: 'integer', const: 1 }, images: { type: 'array' } },
  required: ['version', 'images'],
  additionalProperties: false,
};

/** Disagreements after which reading ends; the message names five and how many more there are. */
const mostViolations = 1000;

interface ImageJson {
  readonly name: string;
  readonly faces: readonly (Readonly<Record<FaceLabel, number>> & {
    readonly box: readonly number[];
    readonly splits: readonly Split[];
    readonly landmarks?: readonly (readonly number[])[];
  })[];
}

/**
 * Ground truth from `{ "version": 1, "images": [{ "name": "<event>/<image>", "faces": [{ "box": [x, y, w, h],
 * "blur": 0, ..., "invalid": 0, "splits": ["hard"] }] }] }`; a face may have `"landmarks": [[x, y], ...]`, five of them.
 *
 * @param source is closed. Of any size: it is read in parts.
 * @throws {DatasetError} if it is not that, with the line where it is no JSON, else with the member.
 */
export function groundTruthFromJson(source: ByteSource): WiderGroundTruth {
  const { place } = source;
  const builder = new GroundTruthBuilder(place);
  const file: Record<string, unknown> = {};
  const violations: JsonViolation[] = [];
  const elements = (key: string | undefined, values: readonly unknown[], first: number): void => {
    file[key ?? ''] = [];
    if (key !== 'images') return;
    values.forEach((value, index) => {
      const path = `images[${first + index}]`;
      const found = validateJson(imageSchema, value);
      for (const violation of found) violations.push({ ...violation, path: joined(path, violation.path) });
      if (violations.length > mostViolations) throw refusal(place, violations);
      if (violations.length === 0) builder.add(annotatedImage(value as ImageJson));
    });
  };
  const member = (key: string, value: unknown): void => {
    file[key] = value;
  };
  try {
    const kind = readJsonElements(source, { elements, member });
    violations.push(...validateJson(fileSchema, kind === 'array' ? [] : file));
  } finally {
    source.close();
  }
  if (violations.length > 0) throw refusal(place, violations);
  return builder.build();
}

function annotatedImage({ name, faces }: ImageJson): AnnotatedImage {
  return {
    name,
    faces: faces.map(({ box, splits, landmarks, ...labels }) => ({
      box,
      labels,
      splits,
      ...(landmarks === undefined ? {} : { landmarks }),
    })),
  };
}

function joined(image: string, path: string): string {
  return path === '' ? image : `${image}.${path}`;
}

function refusal(place: string, violations: readonly JsonViolation[]): DatasetError {
  return new DatasetError(
    `${place}: not face annotations: ${describeViolations(violations)}; correct the file (docs/wider-protocol.md, "Ground truth as JSON", shows its form) or fetch it again`,
  );
}
