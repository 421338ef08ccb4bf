import type { TfliteModel } from '@retinabench/models';
import type { WinogradNode } from './find-convolutions.js';
import { transformWeights } from './transform-weights.js';
import { winogradWasm } from './winograd-wasm.js';

/** What assembly/winograd.ts exports; offsets in bytes. */
interface Exports {
  convolve(
    height: number,
    width: number,
    channels: number,
    outputs: number,
    padded: number,
    weights: number,
    bias: number,
    slope: number,
    scratch: number,
    out: number,
  ): void;
}

/** The part of WebAssembly that is used. */
interface Assembly {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** Tiles of a block, as in assembly/winograd.ts. */
const block = 20;

/** A convolution with its place in memory, offsets in numbers. */
interface Placed {
  readonly node: WinogradNode;
  readonly dims: {
    readonly height: number;
    readonly width: number;
    readonly channels: number;
    readonly outputs: number;
  };
  readonly weightsAt: number;
  readonly biasAt: number;
  readonly outAt: number;
}

/** Convolutions by Winograd's algorithm in WebAssembly with relaxed SIMD; one memory for all of a network. */
export class WinogradKernels {
  readonly #placed = new Map<WinogradNode, Placed>();
  readonly #floats: Float32Array;
  readonly #convolve: Exports['convolve'];
  readonly #paddedAt: number;
  readonly #scratchAt: number;
  /** Dimensions of the image that was laid out last: those of another one leave cells where its border has to be. */
  #laid = '';

  /** Bytes that the convolutions of a network need. */
  static bytesOf(model: TfliteModel, nodes: readonly WinogradNode[]): number {
    return layOut(model, nodes).end * 4;
  }

  constructor(model: TfliteModel, nodes: readonly WinogradNode[]) {
    const { WebAssembly: assembly } = globalThis as unknown as { WebAssembly: Assembly };
    const { placed, paddedAt, scratchAt, end } = layOut(model, nodes);
    const memory = new assembly.Memory({ initial: Math.ceil((end * 4) / 65_536) });
    const code = Uint8Array.from(atob(winogradWasm), (character) => character.charCodeAt(0));
    const instance = new assembly.Instance(new assembly.Module(code), { env: { memory } });
    this.#convolve = (instance.exports as Exports).convolve;
    this.#floats = new Float32Array(memory.buffer);
    this.#paddedAt = paddedAt;
    this.#scratchAt = scratchAt;
    for (const one of placed) {
      const { channels, outputs } = one.dims;
      const weights = floatsOf(model.tensors[one.node.weights].data as Uint8Array);
      this.#floats.set(transformWeights(weights, outputs, channels), one.weightsAt);
      this.#floats.set(floatsOf(model.tensors[one.node.bias].data as Uint8Array), one.biasAt);
      this.#placed.set(one.node, one);
    }
  }

  /**
   * Compute a convolution.
   *
   * @param image [height, width, channels], of this memory or another.
   * @returns [height, width, outputs], in this memory; valid until the same convolution runs again.
   */
  run(node: WinogradNode, image: Float32Array): Float32Array {
    const { dims, weightsAt, biasAt, outAt } = this.#placed.get(node) as Placed;
    const { height, width, channels, outputs } = dims;
    this.#layImage(image, height, width, channels);
    this.#convolve(
      height,
      width,
      channels,
      outputs,
      this.#paddedAt * 4,
      weightsAt * 4,
      biasAt * 4,
      node.slope,
      this.#scratchAt * 4,
      outAt * 4,
    );
    return this.#floats.subarray(outAt, outAt + height * width * outputs);
  }

  /** The image with a border of zeros, one cell before and enough after for whole tiles. */
  #layImage(image: Float32Array, height: number, width: number, channels: number): void {
    const [rows, columns] = paddedSize(height, width);
    const key = `${height} ${width} ${channels}`;
    if (this.#laid !== key) {
      this.#floats.fill(0, this.#paddedAt, this.#paddedAt + rows * columns * channels);
      this.#laid = key;
    }
    for (let row = 0; row < height; row++) {
      this.#floats.set(
        image.subarray(row * width * channels, (row + 1) * width * channels),
        this.#paddedAt + ((row + 1) * columns + 1) * channels,
      );
    }
  }
}

function paddedSize(height: number, width: number): readonly [rows: number, columns: number] {
  return [2 * Math.ceil(height / 2) + 2, 2 * Math.ceil(width / 2) + 2];
}

/** Where everything lies, in numbers, each array at a multiple of 16 bytes. */
function layOut(model: TfliteModel, nodes: readonly WinogradNode[]) {
  let end = 4;
  const reserve = (size: number): number => {
    const at = end;
    end += Math.ceil(size / 4) * 4;
    return at;
  };
  const placed = nodes.map((node): Placed => {
    const [, height, width, channels] = model.tensors[node.input].dims;
    const outputs = model.tensors[node.output].dims[3];
    return {
      node,
      dims: { height, width, channels, outputs },
      weightsAt: reserve(16 * channels * outputs),
      biasAt: reserve(outputs),
      outAt: reserve(height * width * outputs),
    };
  });
  const most = (size: (one: Placed['dims']) => number): number => Math.max(0, ...placed.map(({ dims }) => size(dims)));
  const paddedAt = reserve(
    most(({ height, width, channels }) => paddedSize(height, width).reduce((a, b) => a * b, channels)),
  );
  const scratchAt = reserve(most(({ channels, outputs }) => 16 * block * (channels + outputs)));
  return { placed, paddedAt, scratchAt, end };
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
