import { ModelError, readSafetensors, type StoredTensor, sha256Hex, writeSafetensors } from '@retinabench/core';
import { type DenseFrame, denseFrames } from '../card/card.js';
import type { ConvWeights } from '../graph/conv-weights.js';
import type { OnnxModel } from '../onnx/model.js';
import { denseValues, type HeadMap, type HiddenPart } from './dense-head.js';
import { scoreWeights } from './head-maps.js';

/** A trained dense head, and the network that it belongs to. */
export interface TrainedHead {
  /** For people: what it is, and how it was trained. */
  readonly title: string;
  /** Terms of the head's weights. */
  readonly licence: string;
  /** Id of the network that it was trained on. */
  readonly base: string;
  /** Of the network's class head (networkFingerprint): on another network the head gives nonsense. */
  readonly fingerprint: string;
  readonly frame: DenseFrame;
  /** For each map its convolution, 1 x 1. */
  readonly levels: readonly ConvWeights[];
  /** For each map the weights on mean colours, [anchors a cell x 144, 3, 3, 3]; absent for a head on the features alone. */
  readonly colours?: readonly Float32Array[];
  /** For each map its hidden units; absent for a linear head. */
  readonly hidden?: readonly HiddenPart[];
}

/**
 * SHA-256 of the weights of the convolutions that give a network's class scores: no two trainings share them, and neither
 * another export nor another container changes them.
 *
 * @param scores name of the class scores' output.
 * @param place  the model's id, for messages.
 * @throws {ModelError} as headMaps.
 */
export function networkFingerprint(model: OnnxModel, scores: string, place: string): string {
  const weights = scoreWeights(model, scores, place);
  const joined = new Float32Array(weights.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of weights) {
    joined.set(part, at);
    at += part.length;
  }
  return sha256Hex(new Uint8Array(joined.buffer));
}

/** A trained head as a safetensors file: weights in half precision, biases in float32. */
export function writeTrainedHead({ levels, colours, hidden, ...metadata }: TrainedHead): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  levels.forEach(({ dims, weight, bias }, level) => {
    tensors.set(`dense.${level}.weight`, { format: 'F16', shape: dims, data: weight });
    tensors.set(`dense.${level}.bias`, { format: 'F32', shape: [bias.length], data: bias });
  });
  colours?.forEach((data, level) => {
    tensors.set(`dense.${level}.colour`, { format: 'F16', shape: [data.length / 27, 3, 3, 3], data });
  });
  hidden?.forEach(({ features, colour, out }, level) => {
    const place = `dense.${level}.hidden`;
    tensors.set(`${place}.weight`, { format: 'F16', shape: features.dims, data: features.weight });
    tensors.set(`${place}.bias`, { format: 'F32', shape: [features.bias.length], data: features.bias });
    if (colour) tensors.set(`${place}.colour`, { format: 'F16', shape: [colour.length / 27, 3, 3, 3], data: colour });
    const outputs = levels[level].dims[0];
    tensors.set(`${place}.out`, { format: 'F16', shape: [outputs, out.length / outputs], data: out });
  });
  return writeSafetensors({ tensors, metadata });
}

/**
 * Read what writeTrainedHead wrote.
 *
 * @param place the file's name, for messages.
 * @throws {ModelError} if it is no dense head.
 */
export function readTrainedHead(bytes: Uint8Array, place: string): TrainedHead {
  const { tensors, metadata } = readSafetensors(bytes, place);
  const text = (key: string): string => {
    const value = metadata[key];
    if (value === undefined) {
      throw new ModelError(`${place}: expected metadata ${key} of a trained dense head, got none; export it again`);
    }
    return value;
  };
  const frame = denseFrames.find((known) => known === text('frame'));
  if (frame === undefined) {
    throw new ModelError(
      `${place}: expected a frame of ${denseFrames.join(', ')}, got ${metadata.frame}; export it again`,
    );
  }
  const levels: ConvWeights[] = [];
  for (let level = 0; tensors.has(`dense.${level}.weight`); level++) levels.push(readLevel(tensors, level, place));
  if (levels.length === 0) throw new ModelError(`${place}: expected dense.0.weight, got no weights; export it again`);
  return {
    title: text('title'),
    licence: text('licence'),
    base: text('base'),
    fingerprint: text('fingerprint'),
    frame,
    levels,
    ...(tensors.has('dense.0.colour') && {
      colours: levels.map(({ dims }, level) => finite(tensors, `dense.${level}.colour`, [dims[0], 3, 3, 3], place)),
    }),
    ...(tensors.has('dense.0.hidden.weight') && {
      hidden: levels.map((own, level) => readHidden(tensors, level, own, place)),
    }),
  };
}

function readHidden(
  tensors: ReadonlyMap<string, StoredTensor>,
  level: number,
  { dims: [outputs, inputs] }: ConvWeights,
  place: string,
): HiddenPart {
  const name = `dense.${level}.hidden`;
  const [channels] = tensors.get(`${name}.weight`)?.shape ?? [0];
  const units = (channels * denseValues) / outputs;
  const dims = [channels, inputs, 1, 1] as const;
  return {
    features: {
      dims,
      weight: finite(tensors, `${name}.weight`, dims, place),
      bias: finite(tensors, `${name}.bias`, [channels], place),
    },
    ...(tensors.has('dense.0.colour') && { colour: finite(tensors, `${name}.colour`, [channels, 3, 3, 3], place) }),
    out: finite(tensors, `${name}.out`, [outputs, units], place),
  };
}

/** The numbers of a tensor. @throws {ModelError} if its shape is another, or a number is not finite. */
function finite(
  tensors: ReadonlyMap<string, StoredTensor>,
  name: string,
  shape: readonly number[],
  place: string,
): Float32Array {
  const tensor = tensors.get(name);
  if (
    tensor?.shape.join() === shape.join() &&
    tensor.data instanceof Float32Array &&
    tensor.data.every(Number.isFinite)
  ) {
    return tensor.data;
  }
  throw new ModelError(
    `${place}: ${name}: expected [${shape.join(', ')}], all finite, got [${tensor?.shape.join(', ')}]; export it again`,
  );
}

function readLevel(tensors: ReadonlyMap<string, StoredTensor>, level: number, place: string): ConvWeights {
  const weight = tensors.get(`dense.${level}.weight`);
  const bias = tensors.get(`dense.${level}.bias`);
  const [outputs, inputs, height, width] = weight?.shape ?? [];
  const values = [...(weight?.data ?? []), ...(bias?.data ?? [])];
  const fits =
    weight?.data instanceof Float32Array &&
    bias?.data instanceof Float32Array &&
    weight.shape.length === 4 &&
    bias.data.length === outputs &&
    outputs % denseValues === 0 &&
    height === 1 &&
    width === 1;
  if (!fits || !values.every(Number.isFinite)) {
    throw new ModelError(
      `${place}: dense.${level}: expected a convolution of 1 x 1 to a multiple of ${denseValues} channels, with as many biases, all finite, got [${weight?.shape.join(', ')}] and [${bias?.shape.join(', ')}]; export it again`,
    );
  }
  return {
    dims: [outputs, inputs, height, width],
    weight: weight.data as Float32Array,
    bias: bias.data as Float32Array,
  };
}

/**
 * Hold a trained head against a network.
 *
 * @param force also take a head that another network of the same shape was trained for.
 * @throws {ModelError} if it was trained on another network, or its shape is not that of the maps.
 */
export function assertHeadFits(
  head: TrainedHead,
  maps: readonly HeadMap[],
  fingerprint: string,
  place: string,
  force = false,
): void {
  const sizes = maps.map(({ channels, anchorsPerCell }) => `${channels} to ${anchorsPerCell * denseValues}`).join(', ');
  const own = head.levels.map(({ dims }) => `${dims[1]} to ${dims[0]}`).join(', ');
  if (sizes !== own) {
    throw new ModelError(
      `${place}: expected a dense head of ${sizes} numbers, got one of ${own}, trained on ${head.base}; train one with examples/train-dense --model`,
    );
  }
  if (fingerprint === head.fingerprint || force) return;
  throw new ModelError(
    `${place}: expected the network that the dense head was trained on (${head.base}), got one with other weights; a dense head serves its own network alone: choose ${head.base}, train one with examples/train-dense --model, or attach this one all the same with --force-dense-head`,
  );
}
