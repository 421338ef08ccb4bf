import { ModelError, ShapeError } from '../errors.js';
import type { StoredTensor, TensorFile } from '../safetensors/tensor.js';
import type { FloatArray } from './float-array.js';
import type { MeshHierarchy } from './hierarchy.js';

/** Numbers a vertex that the decoder gives: x, y, z, r, g, b. */
export const vertexFeatures = 6;

/** The sizes of a mesh decoder. */
export interface DecoderShape {
  /** Length of P_ST; 128 in the paper. */
  readonly latent: number;
  /** K of every Chebyshev convolution. */
  readonly order: number;
  /** Features a vertex after the fully connected layer, then after each convolution, coarsest level first. */
  readonly features: readonly number[];
  /** What bounds the colours to 0..1: the logistic function, or (1 + tanh) / 2. */
  readonly colour: 'sigmoid' | 'tanh';
}

/** One Chebyshev convolution. */
export interface ConvolutionWeights {
  /** [K, F_in, F_out]. */
  readonly theta: FloatArray;
  /** [F_out]. */
  readonly bias: FloatArray;
}

/** All numbers of a mesh decoder. */
export interface DecoderWeights {
  readonly shape: DecoderShape;
  /** [latent, n coarsest x features[0]] and [n coarsest x features[0]]. */
  readonly dense: { readonly weight: FloatArray; readonly bias: FloatArray };
  /** One for each level above the coarsest, coarse to fine, then the output convolution to 6 features. */
  readonly convolutions: readonly ConvolutionWeights[];
  /**
   * [n, 6] each: the output convolution's y becomes mean + scale y, in length units for the position and before the
   * colour function for the colour.
   */
  readonly mean: FloatArray;
  readonly scale: FloatArray;
}

/** The tensors of a decoder on a hierarchy, by name, with their shapes. */
export function decoderLayout(shape: DecoderShape, hierarchy: MeshHierarchy): ReadonlyMap<string, readonly number[]> {
  const counts = hierarchy.levels.map(({ lhat }) => lhat.rows);
  const { latent, order, features } = shape;
  const sizes = [latent, order, ...features];
  if (features.length !== counts.length || sizes.some((size) => !Number.isInteger(size) || size < 1 || size > 4096)) {
    throw new ShapeError(
      `decoder: expected sizes from 1 to 4096 and features for ${counts.length} levels, got latent ${latent}, order ${order}, features ${features.join(', ')}`,
    );
  }
  const coarsest = counts[counts.length - 1] * features[0];
  const layout = new Map<string, readonly number[]>([
    ['dense.weight', [latent, coarsest]],
    ['dense.bias', [coarsest]],
  ]);
  [...features.slice(1), vertexFeatures].forEach((outFeatures, index) => {
    layout.set(`convolution.${index}.theta`, [order, features[index], outFeatures]);
    layout.set(`convolution.${index}.bias`, [outFeatures]);
  });
  layout.set('mean', [counts[0], vertexFeatures]);
  layout.set('scale', [counts[0], vertexFeatures]);
  return layout;
}

/**
 * Weights from a function that gives each tensor.
 *
 * @param tensorOf called once per tensor of decoderLayout, in its order.
 */
export function buildWeights(
  shape: DecoderShape,
  hierarchy: MeshHierarchy,
  tensorOf: (name: string, dims: readonly number[]) => FloatArray,
): DecoderWeights {
  const tensors = new Map<string, FloatArray>();
  for (const [name, dims] of decoderLayout(shape, hierarchy)) tensors.set(name, tensorOf(name, dims));
  const at = (name: string): FloatArray => tensors.get(name) as FloatArray;
  return {
    shape,
    dense: { weight: at('dense.weight'), bias: at('dense.bias') },
    convolutions: shape.features.map((_, index) => ({
      theta: at(`convolution.${index}.theta`),
      bias: at(`convolution.${index}.bias`),
    })),
    mean: at('mean'),
    scale: at('scale'),
  };
}

/**
 * The weights in a safetensors file, as decoderTensors wrote them.
 *
 * @param hierarchy the one that the decoder was trained on.
 * @param place     the file's name, for messages.
 * @throws {ModelError} if the metadata does not describe a decoder, a tensor is missing or of another shape than the
 * hierarchy asks for, or a number is not finite.
 */
export function readDecoderWeights(file: TensorFile, hierarchy: MeshHierarchy, place: string): DecoderWeights {
  const { latent, order, features, colour } = file.metadata;
  const numbers = (features ?? '').split(',').map(Number);
  if ((colour !== 'sigmoid' && colour !== 'tanh') || numbers.length !== hierarchy.levels.length) {
    throw new ModelError(
      `${place}: expected metadata latent, order, features (one for each of ${hierarchy.levels.length} levels) and colour sigmoid or tanh, got ${JSON.stringify({ latent, order, features, colour })}; use the weights that belong to the hierarchy`,
    );
  }
  const shape: DecoderShape = { latent: Number(latent), order: Number(order), features: numbers, colour };
  return buildWeights(shape, hierarchy, (name, dims) => {
    const tensor = file.tensors.get(name);
    const expected = `${name} [${dims.join(', ')}] in F32 or F16`;
    if (tensor === undefined || tensor.shape.join() !== dims.join() || !(tensor.data instanceof Float32Array)) {
      const actual = tensor ? `[${tensor.shape.join(', ')}] in ${tensor.format}` : 'nothing';
      throw new ModelError(
        `${place}: expected ${expected}, got ${actual}; use the weights that belong to the hierarchy`,
      );
    }
    const bad = tensor.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new ModelError(
        `${place}: expected finite numbers in ${name}, got ${tensor.data[bad]} at ${bad}; train again`,
      );
    }
    return tensor.data;
  });
}

/**
 * The weights as a safetensors file: the dense layer in half precision, which has nine tenths of the numbers, the rest
 * in float32.
 *
 * @param metadata more to state, such as source and licence.
 */
export function decoderTensors(
  weights: DecoderWeights,
  hierarchy: MeshHierarchy,
  metadata: Readonly<Record<string, string>>,
): TensorFile {
  const { shape, dense, convolutions, mean, scale } = weights;
  const values: Record<string, FloatArray> = { 'dense.weight': dense.weight, 'dense.bias': dense.bias, mean, scale };
  convolutions.forEach(({ theta, bias }, index) => {
    values[`convolution.${index}.theta`] = theta;
    values[`convolution.${index}.bias`] = bias;
  });
  const tensors = new Map<string, StoredTensor>();
  for (const [name, dims] of decoderLayout(shape, hierarchy)) {
    const format = name === 'dense.weight' ? 'F16' : 'F32';
    tensors.set(name, { format, shape: dims, data: Float32Array.from(values[name]) });
  }
  const { latent, order, features, colour } = shape;
  return {
    tensors,
    metadata: { latent: `${latent}`, order: `${order}`, features: features.join(), colour, ...metadata },
  };
}
