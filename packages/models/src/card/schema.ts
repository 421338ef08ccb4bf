import {
  anchorPresets,
  cropTemplates,
  type JsonSchema,
  objectSchema,
  objectSchemaWithOptional,
} from '@retinabench/core';
import { denseFrames } from './card.js';
import { inputTypes, sideValues } from './card-input.js';
import { composedSchema } from './composed-schema.js';
import { flipRules } from './embedding.js';

/** A schema with the sentence that the field reference prints. */
function described<const Schema extends JsonSchema>(description: string, schema: Schema) {
  return { ...schema, description };
}

const name = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
const probability = { type: 'number', minimum: 0, maximum: 1 } as const satisfies JsonSchema;
const side = { type: 'integer', minimum: 1, maximum: 65_536 } as const satisfies JsonSchema;
const triple = { type: 'array', items: { type: 'number' }, minItems: 3, maxItems: 3 } as const satisfies JsonSchema;

const sampling = {
  sampling: described('Resized by the exact factor, or to whole sides, which then count. Default factor.', {
    enum: ['factor', 'whole-pixels'],
  }),
  rounding: described('How resized sides become whole. Default half-even.', {
    enum: ['half-even', 'half-up', 'floor'],
  }),
};
const samplingKeys = ['sampling', 'rounding'] as const satisfies (keyof typeof sampling)[];

const size = {
  oneOf: [
    objectSchemaWithOptional({ rule: { const: 'any' }, ...sampling }, samplingKeys),
    objectSchemaWithOptional(
      {
        rule: { const: 'multiple' },
        of: described('Sides are multiples of it.', side),
        padValue: described('Grey level of the padding.', { type: 'number' }),
        fit: described('Padded right and below, on both sides, or stretched. Default pad.', {
          enum: ['pad', 'pad-centre', 'stretch'],
        }),
        ...sampling,
      },
      ['fit', ...samplingKeys],
    ),
    objectSchemaWithOptional(
      {
        rule: { const: 'fixed' },
        widthPx: described('Width of the input.', side),
        heightPx: described('Height of the input.', side),
        fit: described('Stretched, or fitted at the upper left or in the middle and padded.', {
          enum: ['stretch', 'letterbox', 'letterbox-centre'],
        }),
        padValue: described('Grey level of the padding.', { type: 'number' }),
        enlarge: described('Whether a letterbox may enlarge an image. Default true.', { type: 'boolean' }),
        ...sampling,
      },
      ['enlarge', ...samplingKeys],
    ),
  ],
} as const satisfies JsonSchema;

const sideInput = objectSchema({
  tensor: name,
  dims: { type: 'array', items: side, maxItems: 8 },
  values: { type: 'array', items: { oneOf: [{ type: 'number' }, { enum: sideValues }] }, maxItems: 65_536 },
});

const point = { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 } as const satisfies JsonSchema;

const crop = {
  oneOf: [
    objectSchema({
      rule: { const: 'template' },
      template: described('Five points go where the named crop has them.', { enum: cropTemplates }),
    }),
    objectSchema({
      rule: { const: 'points' },
      points: described(
        'Where left eye, right eye, nose tip, left and right mouth corner go, in pixels of the input.',
        { type: 'array', items: point, minItems: 5, maxItems: 5 },
      ),
    }),
    objectSchema({ rule: { const: 'square' } }),
    objectSchema({
      rule: { const: 'box' },
      margin: described('Added to the square around the detected box on each side, as a share of its side.', {
        type: 'number',
        minimum: 0,
        maximum: 2,
      }),
    }),
  ],
} as const satisfies JsonSchema;

const boxOutputs = objectSchema({ scores: name, boxes: name });

const decoder = {
  oneOf: [
    composedSchema,
    objectSchemaWithOptional(
      {
        kind: { const: 'retinaface' },
        outputs: objectSchemaWithOptional({ scores: name, boxes: name, landmarks: name, dense: name }, [
          'landmarks',
          'dense',
        ]),
        anchors: { enum: Object.keys(anchorPresets) as (keyof typeof anchorPresets)[] },
        variances: { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 },
        softmaxApplied: { type: 'boolean' },
        denseFrame: described(
          "Square that the dense head's camera looks at: the anchor's, or the upright crop of the face that the anchor gives. Default anchor.",
          { enum: denseFrames },
        ),
      },
      ['denseFrame'],
    ),
    objectSchema({
      kind: { const: 'scrfd' },
      levels: {
        type: 'array',
        minItems: 1,
        items: objectSchemaWithOptional(
          { stride: side, anchorsPerCell: side, scores: name, boxes: name, landmarks: name },
          ['landmarks'],
        ),
      },
    }),
    objectSchema({
      kind: { const: 'yunet' },
      levels: {
        type: 'array',
        minItems: 1,
        items: objectSchema({ stride: side, classification: name, objectness: name, boxes: name, landmarks: name }),
      },
    }),
    objectSchema({ kind: { const: 'corners' }, outputs: boxOutputs }),
    objectSchema({ kind: { const: 'boxes' }, outputs: boxOutputs }),
  ],
} as const satisfies JsonSchema;

/** The JSON Schema of a model card. */
export const cardSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RetinaBench model card',
  description: 'What is needed to run a model and to trust its number; lies beside the .onnx as <name>.card.json.',
  ...objectSchemaWithOptional(
    {
      schemaVersion: described('Version of this schema.', { const: 1 }),
      id: described('Lower-case letters, digits, dot, underscore, hyphen.', {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9._-]{0,99}$',
      }),
      title: described('For people.', name),
      task: described('What the network is for.', { enum: ['face-detection', 'face-embedding', 'face-landmarks'] }),
      source: described('Where the file comes from.', name),
      licence: described('Terms of the weights.', name),
      sha256: described('Of the .onnx and the files beside it that hold its tensors; another file is refused.', {
        type: 'string',
        pattern: '^[0-9a-f]{64}$',
      }),
      parameters: described('Weights that training fits.', { type: 'integer', minimum: 0 }),
      input: objectSchemaWithOptional(
        {
          tensor: described('Name of the input tensor of the image.', name),
          type: described('Element type of the tensor. Default float32.', { enum: inputTypes }),
          layout: described('Order of the axes.', { enum: ['NCHW', 'NHWC'] }),
          colourOrder: described('Order of the channels.', { enum: ['rgb', 'bgr'] }),
          mean: described('Subtracted from each channel, in grey levels.', triple),
          scale: described('Multiplies each channel after that.', triple),
          size: described('Sizes that the network takes, and how an image is fitted.', size),
          sides: described('Further inputs, and what they are fed.', { type: 'array', items: sideInput, maxItems: 16 }),
        },
        ['type', 'sides'],
      ),
      decoder: described("Detectors: how the network's outputs become boxes.", decoder),
      defaults: objectSchemaWithOptional(
        {
          scoreFloor: described('Boxes must score above it.', probability),
          nmsIou: described(
            'A box that overlaps a better one by more goes; absent where the network suppresses.',
            probability,
          ),
          nmsConvention: described('Sides as x2 - x1 + 1, or as x2 - x1. Default pixel.', {
            enum: ['pixel', 'continuous'],
          }),
        },
        ['nmsIou', 'nmsConvention'],
      ),
      landmarks: described('Whether detections carry five landmarks.', { type: 'boolean' }),
      output: described('Embedders and landmark networks: name of the output tensor.', name),
      embedding: objectSchemaWithOptional(
        {
          crop: described(
            'Embedders: how a crop is cut. Default template arcface for an input of fixed sides, square for one of any.',
            crop,
          ),
          flip: described(
            'Embedders: the feature of the mirrored crop is added, written behind the other, or not made. Default add.',
            { enum: flipRules },
          ),
        },
        ['crop', 'flip'],
      ),
      published: {
        type: 'array',
        items: objectSchema({
          ap: objectSchema({ easy: probability, medium: probability, hard: probability }),
          protocol: name,
          source: name,
        }),
      },
    },
    ['decoder', 'defaults', 'output', 'embedding', 'published'],
  ),
} as const satisfies JsonSchema;
