import type { TfliteModel } from '@retinabench/models';
import type { WinogradNode } from './find-convolutions.js';
import { isUneven } from './is-uneven.js';
import { transformWeights } from './transform-weights.js';
import { winogradWasm } from './winograd-wasm.js';

/** What assembly/winograd.ts exports; offsets in bytes. */
interface Exports {
  measure(cells: number, channels: number, image: number, levels: number): void;
  transform(
    first: number,
    count: number,
    width: number,
    channels: number,
    padded: number,
    tiles: number,
    scratch: number,
  ): void;
  convolve(
    first: number,
    count: number,
    height: number,
    width: number,
    channels: number,
    outputs: number,
    tiles: number,
    weights: number,
    bias: number,
    slope: number,
    products: number,
    out: number,
    scratch: number,
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
  /** Level of the image below which the bias is the larger part of a result. */
  readonly floor: number;
}

/** Convolutions by Winograd's algorithm in WebAssembly with relaxed SIMD; one memory for all of a network. */
export class WinogradKernels {
  readonly #placed = new Map<WinogradNode, Placed>();
  readonly #floats: Float32Array;
  readonly #wasm: Exports;
  readonly #paddedAt: number;
  readonly #levelsAt: number;
  readonly #tilesAt: number;
  readonly #productsAt: number;
  readonly #scratchAt: number;
  /** Dimensions of the image that was laid out last: those of another one leave cells where its border has to be. */
  #laid = '';

  /** Bytes that the convolutions of a network need. */
  static bytesOf(model: TfliteModel, nodes: readonly WinogradNode[]): number {
    return layOut(model, nodes).end * 4;
  }

  constructor(model: TfliteModel, nodes: readonly WinogradNode[]) {
    const { WebAssembly: assembly } = globalThis as unknown as { WebAssembly: Assembly };
    const { placed, paddedAt, levelsAt, tilesAt, productsAt, scratchAt, end } = layOut(model, nodes);
    const memory = new assembly.Memory({ initial: Math.ceil((end * 4) / 65_536) });
    const code = Uint8Array.from(atob(winogradWasm), (character) => character.charCodeAt(0));
    const instance = new assembly.Instance(new assembly.Module(code), { env: { memory } });
    this.#wasm = instance.exports as Exports;
    this.#floats = new Float32Array(memory.buffer);
    this.#paddedAt = paddedAt;
    this.#levelsAt = levelsAt;
    this.#tilesAt = tilesAt;
    this.#productsAt = productsAt;
    this.#scratchAt = scratchAt;
    for (const one of placed) {
      const { channels, outputs } = one.dims;
      const weights = floatsOf(model.tensors[one.node.weights].data as Uint8Array);
      this.#floats.set(transformWeights(weights, outputs, channels), one.weightsAt);
      const bias = floatsOf(model.tensors[one.node.bias].data as Uint8Array);
      this.#floats.set(bias, one.biasAt);
      this.#placed.set(one.node, { ...one, floor: magnitudeOf(bias) / magnitudeOf(weights) });
    }
  }

  /**
   * Compute convolutions of one image, which is transformed once.
   *
   * @param image [height, width, channels], of this memory or another.
   * @returns per convolution [height, width, outputs], in this memory; valid until the same convolution runs again. Undefined if
   *   the image is too uneven for the algorithm (isUneven).
   */
  run(nodes: readonly WinogradNode[], image: Float32Array): Float32Array[] | undefined {
    const all = nodes.map((node) => this.#placed.get(node) as Placed);
    const { height, width, channels } = all[0].dims;
    this.#layImage(image, height, width, channels);
    if (this.#isUneven(all)) return undefined;
    const [tilesAt, scratchAt] = [this.#tilesAt * 4, this.#scratchAt * 4];
    const tiles = Math.ceil(height / 4) * Math.ceil(width / 4);
    for (let first = 0; first < tiles; first += block) {
      const count = Math.min(block, tiles - first);
      this.#wasm.transform(first, count, width, channels, this.#paddedAt * 4, tilesAt, scratchAt);
      for (const { node, dims, weightsAt, biasAt, outAt } of all) {
        this.#wasm.convolve(
          first,
          count,
          height,
          width,
          channels,
          dims.outputs,
          tilesAt,
          weightsAt * 4,
          biasAt * 4,
          node.slope,
          this.#productsAt * 4,
          outAt * 4,
          scratchAt,
        );
      }
    }
    return all.map(({ dims, outAt }) => this.#floats.subarray(outAt, outAt + height * width * dims.outputs));
  }

  /** Whether the image that was laid out is too uneven for one of its convolutions. */
  #isUneven(all: readonly Placed[]): boolean {
    const { height, width, channels } = all[0].dims;
    const cells = paddedSize(height, width).reduce((a, b) => a * b);
    this.#wasm.measure(cells, channels, this.#paddedAt * 4, this.#levelsAt * 4);
    const levels = this.#floats.subarray(this.#levelsAt, this.#levelsAt + cells);
    return isUneven(levels, height, width, Math.min(...all.map(({ floor }) => floor)));
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
  return [4 * Math.ceil(height / 4) + 2, 4 * Math.ceil(width / 4) + 2];
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
      weightsAt: reserve(36 * channels * outputs),
      biasAt: reserve(outputs),
      outAt: reserve(height * width * outputs),
      floor: 0,
    };
  });
  const most = (size: (one: Placed['dims']) => number): number => Math.max(0, ...placed.map(({ dims }) => size(dims)));
  const paddedAt = reserve(
    most(({ height, width, channels }) => paddedSize(height, width).reduce((a, b) => a * b, channels)),
  );
  const levelsAt = reserve(most(({ height, width }) => paddedSize(height, width).reduce((a, b) => a * b)));
  const tilesAt = reserve(most(({ channels }) => 36 * block * channels));
  const productsAt = reserve(most(({ outputs }) => 36 * block * outputs));
  const scratchAt = reserve(144);
  return { placed, paddedAt, levelsAt, tilesAt, productsAt, scratchAt, end };
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

/** The sum of magnitudes. */
function magnitudeOf(values: Float32Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}
