import { type JsonSchema, objectSchema } from '@retinabench/core';
import { activations, units } from './composed.js';

const name = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
const finite = { type: 'number' } as const satisfies JsonSchema;
const positive = { type: 'number', exclusiveMinimum: 0 } as const satisfies JsonSchema;
const index = { type: 'integer', minimum: 0, maximum: 65_535 } as const satisfies JsonSchema;
const count = { type: 'integer', minimum: 1, maximum: 65_536 } as const satisfies JsonSchema;

/** A schema with the sentence that the field reference prints. */
function described<const Schema extends JsonSchema>(description: string, schema: Schema) {
  return { ...schema, description };
}

const source = {
  tensor: described('Output that holds all levels one after the other, or a list of one output per level.', {
    oneOf: [name, { type: 'array', items: name, minItems: 1, maxItems: 64 }],
  }),
  axes: described(
    'Axes of the output, slowest first: n candidates, v values of a candidate, h rows, w columns, k anchors of a cell, 1; merged in parentheses, as in "(k v) h w". Default "n v".',
    name,
  ),
  at: described('Index of the first value read. Without it the output must hold these values and no others.', index),
};

const rule = {
  unit: described('What is measured in: input pixels, fractions of the input, strides, sides of the anchor or box.', {
    enum: units,
  }),
  gain: described('Multiplies the number before the activation. Default 1.', finite),
  activation: described('Default none.', { enum: activations }),
  factor: described('Multiplies it after the activation. Default 1.', finite),
  power: described('Exponent, after the factor. Default 1.', positive),
  add: described('Added after the power, before the unit. Default 0.', finite),
};

const position = objectSchema(
  {
    ...rule,
    origin: described('What it is added to. Default zero.', { enum: ['zero', 'point', 'box', 'box-centre'] }),
  },
  ['unit'],
);

const scores = objectSchema(
  {
    factors: described('One factor, or several that are combined.', {
      type: 'array',
      minItems: 1,
      maxItems: 8,
      items: objectSchema(
        {
          ...source,
          classes: described('Values of a candidate that belong to the factor. Default 1.', count),
          keep: described('Classes that are faces; the best counts. Needed where classes is above 1.', {
            type: 'array',
            items: index,
            minItems: 1,
          }),
          activation: described('Default none.', { enum: ['none', 'sigmoid', 'softmax', 'softmax-of-maxima'] }),
          clamp: described('Clip to 0..1. Default false.', { type: 'boolean' }),
        },
        ['tensor'],
      ),
    }),
    combine: described('How several factors are combined. Default product.', { enum: ['product', 'geometric-mean'] }),
    peaks: described('Keep only cells that are the largest of a window of so many cells each way (heat maps).', count),
  },
  ['factors'],
);

const boxes = objectSchema(
  {
    from: described('One source of four values, two of two, or four of one.', {
      type: 'array',
      items: objectSchema(source, ['tensor']),
      minItems: 1,
      maxItems: 4,
    }),
    values: described(
      'What the four values are, in output order: a permutation of "x1 y1 x2 y2", "cx cy w h", "x1 y1 w h" or "left top right bottom".',
      name,
    ),
    position: described('Rule of corners and centres.', position),
    size: described('Rule of widths, heights and distances.', objectSchema(rule, ['unit'])),
    bins: described('Each value is the expectation of a softmax over so many bins (distribution focal loss).', count),
    inclusive: described('Sides count both end pixels: x2 = x1 + w - 1 about the same centre. Default false.', {
      type: 'boolean',
    }),
    clamp: described('Clip boxes to the input. Default false.', { type: 'boolean' }),
  },
  ['from', 'values'],
);

const landmarks = objectSchema(
  {
    from: described('Where the numbers of the points lie.', objectSchema(source, ['tensor'])),
    points: described('How many points.', count),
    values: described('Numbers of one point in output order: "x y", "y x", "x y v". Default "x y".', name),
    arrangement: described('Numbers side by side by point, or by axis (all x, then all y). Default point.', {
      enum: ['point', 'axis'],
    }),
    position: described('Rule of the coordinates.', position),
    names: described('Names of the points, for people.', { type: 'array', items: name }),
    alignment: described(
      'Which points are left eye, right eye, nose tip, left and right corner of the mouth, as seen in the image; a list is averaged.',
      {
        type: 'array',
        minItems: 5,
        maxItems: 5,
        items: { oneOf: [index, { type: 'array', items: index, minItems: 1 }] },
      },
    ),
  },
  ['from', 'points', 'position'],
);

const anchor = {
  oneOf: [
    positive,
    { type: 'array', items: positive, minItems: 2, maxItems: 2 },
    objectSchema(
      { widthPx: positive, heightPx: positive, density: { type: 'integer', minimum: 1, maximum: 64 }, shift: finite },
      ['widthPx', 'heightPx', 'density'],
    ),
  ],
} as const satisfies JsonSchema;

const geometry = objectSchema(
  {
    levels: described('Maps in output order.', {
      type: 'array',
      minItems: 1,
      maxItems: 64,
      items: objectSchema(
        {
          stride: described('Input pixels from one cell to the next.', { ...positive, maximum: 65_536 }),
          anchors: described(
            'Anchors of a cell in output order: the side of a square, [width, height], or an object with density.',
            { type: 'array', items: anchor, minItems: 1, maxItems: 256 },
          ),
          points: described('Candidates of a cell without anchors. Default 1.', { ...count, maximum: 256 }),
        },
        ['stride'],
      ),
    }),
    list: described('Instead of levels: every anchor as [cx, cy, w, h].', {
      type: 'array',
      minItems: 1,
      items: { type: 'array', items: finite, minItems: 4, maxItems: 4 },
    }),
    listUnit: described('Unit of list. Default pixels.', { enum: ['pixels', 'input'] }),
    pointInCell: described("The candidate's point in its cell: 0 the corner, 0.5 the centre. Default 0.5.", finite),
    pointPx: described("Instead: pixels from the cell's corner, the same on every level.", finite),
    order: described('Nesting of flattened candidates of a level, outermost first. Default "h w k".', name),
    cells: described('Cells along a side that the stride does not divide. Default ceil.', { enum: ['ceil', 'floor'] }),
    clampAnchors: described('Clip centre and size of every anchor to the input. Default false.', { type: 'boolean' }),
  },
  [],
);

/** JSON Schema of `ComposedDecoder`. */
export const composedSchema = objectSchema(
  {
    kind: { const: 'composed' },
    geometry: described("Where the candidates stand, if the network's numbers are relative to that.", geometry),
    scores: described('How confident the network is of a candidate.', scores),
    boxes: described("The candidate's box.", boxes),
    landmarks: described("Points of the candidate's face.", landmarks),
    suppressed: described(
      'The network suppresses by itself; nothing is suppressed afterwards.',
      objectSchema(
        {
          count: described('Output of one number: how many rows count.', name),
          indices: described('Output whose last column says which candidates count.', name),
        },
        [],
      ),
    ),
  },
  ['kind', 'scores', 'boxes'],
);
