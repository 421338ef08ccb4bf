import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../onnx/model.js';
import type { ConvWeights } from './conv-weights.js';

/** What follows a convolution: nothing, or a function that runtimes fuse into it. */
export type Activation =
  | { readonly kind: 'none' }
  | { readonly kind: 'relu' }
  | { readonly kind: 'relu6' }
  | { readonly kind: 'leaky-relu'; readonly slope: number };

/** Geometry of a convolution; the kernel's size is its weights'. */
export interface ConvOptions {
  readonly stride?: number;
  /** Rows and columns of zeros on each side: one number, or [top, left, bottom, right]. */
  readonly pad?: number | readonly [number, number, number, number];
  readonly dilation?: number;
  readonly groups?: number;
  /** Name of the constants, where several convolutions share them (default: the node's). */
  readonly weightsAs?: string;
}

/**
 * Builds an ONNX graph node by node; each method returns the name of the value that it makes. Names come from the
 * caller, so that a node can be found again in the checkpoint it stems from.
 *
 * Version 13 of the operator set: the oldest in which every operator used here has its present meaning.
 */
export class GraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #initialisers = new Map<string, OnnxTensor>();
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #name: string;

  /** @param name of the graph. */
  constructor(name: string) {
    this.#name = name;
  }

  /** An input of float32; a dimension given as text is chosen at run time. */
  input(name: string, dims: readonly (number | string)[]): string {
    this.#inputs.push({ name, elementType: 'float', dims });
    return name;
  }

  /** Declare `name`, made by a node, an output. */
  output(name: string, dims: readonly (number | string)[]): void {
    this.#outputs.push({ name, elementType: 'float', dims });
  }

  /** A constant of float32. */
  floats(name: string, dims: readonly number[], values: Float32Array): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#initialisers.set(name, { name, elementType: 'float', dims, bytes });
    return name;
  }

  /** A constant of int64, one-dimensional; equal lists share one constant. */
  ints(values: readonly number[]): string {
    const name = `ints:${values.join(',')}`;
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#initialisers.set(name, { name, elementType: 'int64', dims: [values.length], bytes });
    return name;
  }

  /** Any operator with one output, named after the node. */
  node(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    this.#nodes.push({ name, op, domain: '', inputs, outputs: [name], attributes });
    return name;
  }

  /** A convolution with bias, and its activation right after it. */
  conv(name: string, input: string, weights: ConvWeights, options: ConvOptions, activation: Activation): string {
    const { stride = 1, pad = 0, dilation = 1, groups = 1, weightsAs = name } = options;
    const pads = typeof pad === 'number' ? [pad, pad, pad, pad] : pad;
    const weight = this.floats(`${weightsAs}.weight`, weights.dims, weights.weight);
    const bias = this.floats(`${weightsAs}.bias`, [weights.dims[0]], weights.bias);
    const output = this.node(name, 'Conv', [input, weight, bias], {
      kernel_shape: { kind: 'ints', value: weights.dims.slice(2) },
      strides: { kind: 'ints', value: [stride, stride] },
      pads: { kind: 'ints', value: [...pads] },
      dilations: { kind: 'ints', value: [dilation, dilation] },
      group: { kind: 'int', value: groups },
    });
    return this.activate(output, activation);
  }

  /** `input` through an activation. */
  activate(input: string, activation: Activation): string {
    switch (activation.kind) {
      case 'none':
        return input;
      case 'relu':
        return this.node(`${input}.relu`, 'Relu', [input]);
      case 'relu6':
        return this.node(`${input}.relu6`, 'Clip', [
          input,
          this.floats('zero', [], Float32Array.of(0)),
          this.floats('six', [], Float32Array.of(6)),
        ]);
      case 'leaky-relu':
        return this.node(`${input}.leaky`, 'LeakyRelu', [input], { alpha: { kind: 'float', value: activation.slope } });
    }
  }

  add(name: string, left: string, right: string): string {
    return this.node(name, 'Add', [left, right]);
  }

  concat(name: string, inputs: readonly string[], axis: number): string {
    if (inputs.length === 1) return inputs[0] as string;
    return this.node(name, 'Concat', inputs, { axis: { kind: 'int', value: axis } });
  }

  /** Reshape; 0 keeps the input's dimension, -1 takes what is left. */
  reshape(name: string, input: string, dims: readonly number[]): string {
    return this.node(name, 'Reshape', [input, this.ints(dims)]);
  }

  transpose(name: string, input: string, permutation: readonly number[]): string {
    return this.node(name, 'Transpose', [input], { perm: { kind: 'ints', value: permutation } });
  }

  /** Cut `input` along `axis` into pieces of these sizes, by name. */
  split(
    name: string,
    input: string,
    axis: number,
    pieces: readonly { readonly name: string; readonly size: number }[],
  ): void {
    this.#nodes.push({
      name,
      op: 'Split',
      domain: '',
      inputs: [input, this.ints(pieces.map(({ size }) => size))],
      outputs: pieces.map((piece) => piece.name),
      attributes: { axis: { kind: 'int', value: axis } },
    });
  }

  /** Resize a [N, C, H, W] map, nearest neighbour, to the height and width of `like`. */
  resizeLike(name: string, input: string, like: string): string {
    const channels = this.node(`${name}.channels`, 'Slice', [
      this.node(`${name}.from`, 'Shape', [input]),
      this.ints([0]),
      this.ints([2]),
    ]);
    const sides = this.node(`${name}.sides`, 'Slice', [
      this.node(`${name}.to`, 'Shape', [like]),
      this.ints([2]),
      this.ints([4]),
    ]);
    const sizes = this.concat(`${name}.sizes`, [channels, sides], 0);
    return this.node(name, 'Resize', [input, '', '', sizes], {
      mode: { kind: 'string', value: 'nearest' },
      coordinate_transformation_mode: { kind: 'string', value: 'asymmetric' },
      nearest_mode: { kind: 'string', value: 'floor' },
    });
  }

  build(): OnnxModel {
    return {
      irVersion: 8,
      opset: 13,
      producer: 'retinabench',
      graph: {
        name: this.#name,
        nodes: this.#nodes,
        initialisers: [...this.#initialisers.values()],
        inputs: this.#inputs,
        outputs: this.#outputs,
      },
      metadata: {},
    };
  }
}
