import { binaryOperators } from './binary.js';
import { convTranspose } from './conv-transpose.js';
import { conv } from './convolution.js';
import { concat, gather, tile } from './gather.js';
import { integerOperators } from './integer.js';
import { matrixOperators } from './matrix.js';
import { nonMaxSuppression } from './non-max-suppression.js';
import { normalisationOperators } from './normalisation.js';
import type { Operator } from './operator.js';
import { pad } from './pad.js';
import { poolOperators } from './pool.js';
import { quantisationOperators } from './quantisation.js';
import { reduceOperators } from './reduce.js';
import { resize } from './resize.js';
import { selectionOperators } from './selection.js';
import { shapeOperators } from './shape.js';
import { slice, split } from './slice.js';
import { softmaxOperators } from './softmax.js';
import { unaryOperators } from './unary.js';

/** Every ONNX operator that the TensorFlow.js backends can carry out. */
export const operatorTable: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...unaryOperators,
  ...binaryOperators,
  ...shapeOperators,
  ...poolOperators,
  ...reduceOperators,
  ...softmaxOperators,
  ...matrixOperators,
  ...normalisationOperators,
  ...quantisationOperators,
  ...integerOperators,
  ...selectionOperators,
  ['Concat', concat],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Gather', gather],
  ['NonMaxSuppression', nonMaxSuppression],
  ['Pad', pad],
  ['Resize', resize],
  ['Slice', slice],
  ['Split', split],
  ['Tile', tile],
  ['Upsample', resize],
]);
