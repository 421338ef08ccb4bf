import { ModelError, shortenText } from '@retinabench/core';
import type { OnnxElementType, OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.js';
import { tensorValues } from '../onnx/tensor-values.js';
import { planInt8 } from './int8-plan.js';

/** The range of a value that 8 bits should cover; what lies beyond is clamped. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/**
 * An 8-bit copy of a model in the quantise-dequantise (QDQ) form that every runtime understands: activations in uint8 with
 * one scale and zero point each, convolution weights in int8 with one scale per output channel, biases in int32.
 *
 * @param ranges of every value that `planInt8` names, from running the model on images.
 * @throws {ModelError} if a range is missing or not finite, or a convolution's weights or bias have another form than its
 * channels ask for.
 * Cost: O(weights).
 * Source: arXiv:1712.05877, section 2; the QDQ form of the ONNX standard, QuantizeLinear and DequantizeLinear.
 */
export function quantizeInt8(model: OnnxModel, ranges: ReadonlyMap<string, ValueRange>): OnnxModel {
  const writer = new Int8Writer(model);
  const { nodes, values } = planInt8(model);
  const rounded = new Set(values);
  for (const { name } of model.graph.inputs) if (rounded.has(name)) writer.round(name, rangeOf(ranges, name));
  for (const node of model.graph.nodes) {
    const reads = node.op === 'Conv' || nodes.has(node);
    writer.copy(node, reads);
    const [output] = node.outputs as [string];
    if (rounded.has(output)) writer.round(output, rangeOf(ranges, output));
  }
  return writer.finish();
}

function rangeOf(ranges: ReadonlyMap<string, ValueRange>, name: string): ValueRange {
  const range = ranges.get(name);
  if (range === undefined || !Number.isFinite(range.min) || !Number.isFinite(range.max)) {
    throw new ModelError(
      `value ${shortenText(name)}: expected its range on the calibration images, got ${range === undefined ? 'none' : `${range.min} to ${range.max}`}; calibrate with more images`,
    );
  }
  return range;
}

/** Rewrites a graph node by node. */
class Int8Writer {
  readonly #nodes: OnnxNode[] = [];
  readonly #added: OnnxTensor[] = [];
  readonly #constants: ReadonlyMap<string, OnnxTensor>;
  /** Scale of each value that was rounded. */
  readonly #scales = new Map<string, number>();
  readonly #replaced = new Set<string>();

  readonly #model: OnnxModel;

  constructor(model: OnnxModel) {
    this.#model = model;
    this.#constants = new Map(model.graph.initialisers.map((tensor) => [tensor.name, tensor]));
  }

  /** Round `name` to 8 bits and back; readers take `<name>.rounded`. */
  round(name: string, range: ValueRange): void {
    // Zero has a level of its own, so that padding is exact.
    const low = Math.min(range.min, 0);
    const high = Math.max(range.max, 0);
    const scale = (high - low) / 255 || 1;
    const zeroPoint = Math.round(-low / scale);
    const parameters = [
      this.#constant(`${name}.scale`, 'float', [], Float32Array.of(scale)),
      this.#constant(`${name}.zero`, 'uint8', [], Uint8Array.of(zeroPoint)),
    ];
    this.#node(`${name}.quantize`, 'QuantizeLinear', [name, ...parameters], `${name}.levels`);
    this.#node(`${name}.dequantize`, 'DequantizeLinear', [`${name}.levels`, ...parameters], `${name}.rounded`);
    this.#scales.set(name, Math.fround(scale));
  }

  /** Copy a node; if it reads rounded values, so that it does, and a convolution's weights with it. */
  copy(node: OnnxNode, reads: boolean): void {
    if (!reads) {
      this.#nodes.push(node);
      return;
    }
    const inputs = node.inputs.map((name) => (this.#scales.has(name) ? `${name}.rounded` : name));
    const inputScale = this.#scales.get(node.inputs[0] as string);
    if (node.op === 'Conv' && inputScale !== undefined) {
      inputs.splice(1, 2, ...this.#roundWeights(node, inputScale));
    }
    this.#nodes.push({ ...node, inputs });
  }

  finish(): OnnxModel {
    const { graph, metadata } = this.#model;
    const kept = graph.initialisers.filter(({ name }) => !this.#replaced.has(name));
    return {
      ...this.#model,
      graph: { ...graph, nodes: this.#nodes, initialisers: [...kept, ...this.#added] },
      metadata: { ...metadata, quantization: 'int8 QDQ, per-channel weights' },
    };
  }

  #roundWeights(node: OnnxNode, inputScale: number): string[] {
    const [, weightName, biasName] = node.inputs as [string, string, string | undefined];
    const weight = this.#constants.get(weightName);
    const values = weight === undefined ? new Float32Array(0) : tensorValues(weight);
    // Weights without elements may claim any number of channels.
    if (weight === undefined || weight.dims.length < 3 || values.length === 0) {
      throw new ModelError(
        `node ${shortenText(node.name)} (Conv): expected constant weights [outputs, inputs, ...kernel], got ${weight === undefined ? 'computed ones' : `[${weight.dims.slice(0, 8).join(', ')}]`}; quantise a model whose convolutions have weights of their own`,
      );
    }
    const channels = weight.dims[0] as number;
    const perChannel = values.length / channels;
    const scales = new Float32Array(channels);
    const levels = new Int8Array(values.length);
    for (let channel = 0; channel < channels; channel++) {
      const part = values.subarray(channel * perChannel, (channel + 1) * perChannel);
      let largest = 0;
      for (const value of part) largest = Math.max(largest, Math.abs(value));
      const scale = Math.fround(largest / 127) || 1;
      scales[channel] = scale;
      for (const [at, value] of part.entries())
        levels[channel * perChannel + at] = clamp(Math.round(value / scale), 127);
    }
    this.#replaced.add(weightName);
    const rounded = this.#dequantized(weightName, 'int8', weight.dims, levels, scales, new Int8Array(channels));
    const bias = biasName === undefined ? undefined : this.#constants.get(biasName);
    if (biasName === undefined || bias === undefined) return [rounded];
    const biasValues = tensorValues(bias);
    if (biasValues.length !== channels) {
      throw new ModelError(
        `node ${shortenText(node.name)} (Conv): expected a bias of ${channels} numbers, got ${biasValues.length}; export the model again`,
      );
    }
    this.#replaced.add(biasName);
    const biasScales = scales.map((scale) => scale * inputScale);
    const biasLevels = Int32Array.from(biasValues, (value, at) =>
      clamp(Math.round(value / (biasScales[at] as number)), 2 ** 31 - 1),
    );
    return [rounded, this.#dequantized(biasName, 'int32', bias.dims, biasLevels, biasScales, new Int32Array(channels))];
  }

  /** A constant of whole numbers with one scale per entry of its first axis, and the node that brings it back to float. */
  #dequantized(
    name: string,
    elementType: OnnxElementType,
    dims: readonly number[],
    levels: Int8Array | Int32Array,
    scales: Float32Array,
    zeros: Int8Array | Int32Array,
  ): string {
    const inputs = [
      this.#constant(`${name}.levels`, elementType, dims, levels),
      this.#constant(`${name}.scales`, 'float', [scales.length], scales),
      this.#constant(`${name}.zeros`, elementType, [scales.length], zeros),
    ];
    return this.#node(`${name}.dequantize`, 'DequantizeLinear', inputs, `${name}.rounded`, {
      axis: { kind: 'int', value: 0 },
    });
  }

  #constant(name: string, elementType: OnnxElementType, dims: readonly number[], values: ArrayBufferView): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#added.push({ name, elementType, dims, bytes });
    return name;
  }

  #node(
    name: string,
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: OnnxNode['attributes'] = {},
  ): string {
    this.#nodes.push({ name, op, domain: '', inputs, outputs: [output], attributes });
    return output;
  }
}

function clamp(value: number, bound: number): number {
  return Math.max(-bound, Math.min(bound, value));
}
