import { anchorPresets, type JsonSchema } from '@retinabench/core';
import { inputTypes, sideValues } from './card.js';
import { composedSchema } from './composed-schema.js';

const name: JsonSchema = { type: 'string', minLength: 1 };
const probability: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const side: JsonSchema = { type: 'integer', minimum: 1, maximum: 65_536 };
const triple: JsonSchema = { type: 'array', items: { type: 'number' }, minItems: 3, maxItems: 3 };

/** An object whose properties are all required, but those named in `optional`. */
function object(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    additionalProperties: false,
  };
}

const sampling: Readonly<Record<string, JsonSchema>> = {
  sampling: { enum: ['factor', 'whole-pixels'] },
  rounding: { enum: ['half-even', 'half-up', 'floor'] },
};
const samplingKeys = Object.keys(sampling);

const size: JsonSchema = {
  oneOf: [
    object({ rule: { const: 'any' }, ...sampling }, samplingKeys),
    object(
      {
        rule: { const: 'multiple' },
        of: side,
        padValue: { type: 'number' },
        fit: { enum: ['pad', 'pad-centre', 'stretch'] },
        ...sampling,
      },
      ['fit', ...samplingKeys],
    ),
    object(
      {
        rule: { const: 'fixed' },
        widthPx: side,
        heightPx: side,
        fit: { enum: ['stretch', 'letterbox', 'letterbox-centre'] },
        padValue: { type: 'number' },
        enlarge: { type: 'boolean' },
        ...sampling,
      },
      ['enlarge', ...samplingKeys],
    ),
  ],
};

const sideInput = object({
  tensor: name,
  dims: { type: 'array', items: side, maxItems: 8 },
  values: { type: 'array', items: { oneOf: [{ type: 'number' }, { enum: sideValues }] }, maxItems: 65_536 },
});

const boxOutputs = object({ scores: name, boxes: name });

const decoder: JsonSchema = {
  oneOf: [
    composedSchema,
    object({
      kind: { const: 'retinaface' },
      outputs: object({ scores: name, boxes: name, landmarks: name, dense: name }, ['landmarks', 'dense']),
      anchors: { enum: Object.keys(anchorPresets) },
      variances: { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 },
      softmaxApplied: { type: 'boolean' },
    }),
    object({
      kind: { const: 'scrfd' },
      levels: {
        type: 'array',
        minItems: 1,
        items: object({ stride: side, anchorsPerCell: side, scores: name, boxes: name, landmarks: name }, [
          'landmarks',
        ]),
      },
    }),
    object({
      kind: { const: 'yunet' },
      levels: {
        type: 'array',
        minItems: 1,
        items: object({ stride: side, classification: name, objectness: name, boxes: name, landmarks: name }),
      },
    }),
    object({ kind: { const: 'corners' }, outputs: boxOutputs }),
    object({ kind: { const: 'boxes' }, outputs: boxOutputs }),
  ],
};

/** The JSON Schema of a model card. */
export const cardSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RetinaBench model card',
  description: 'What is needed to run a model and to trust its number; lies beside the .onnx as <name>.card.json.',
  ...object(
    {
      schemaVersion: { const: 1 },
      id: { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{0,99}$' },
      title: name,
      task: { enum: ['face-detection', 'face-embedding', 'face-landmarks'] },
      source: name,
      licence: name,
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      parameters: { type: 'integer', minimum: 0 },
      input: object(
        {
          tensor: name,
          type: { enum: inputTypes },
          layout: { enum: ['NCHW', 'NHWC'] },
          colourOrder: { enum: ['rgb', 'bgr'] },
          mean: triple,
          scale: triple,
          size,
          sides: { type: 'array', items: sideInput, maxItems: 16 },
        },
        ['type', 'sides'],
      ),
      decoder,
      defaults: object(
        {
          scoreFloor: probability,
          nmsIou: probability,
          nmsConvention: { enum: ['pixel', 'continuous'] },
        },
        ['nmsIou', 'nmsConvention'],
      ),
      landmarks: { type: 'boolean' },
      output: name,
      published: {
        type: 'array',
        items: object({
          ap: object({ easy: probability, medium: probability, hard: probability }),
          protocol: name,
          source: name,
        }),
      },
    },
    ['decoder', 'defaults', 'output', 'published'],
  ),
};
