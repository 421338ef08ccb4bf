import { ShapeError } from '../errors.js';
import type { ChebyshevShape } from './chebyshev.js';
import type { CsrMatrix } from './csr.js';
import type { FloatArray } from './float-array.js';
import type { DecoderKernels, LayerGradient } from './kernels.js';
import { meshKernelsWasm } from './mesh-kernels-wasm.js';

/** What assembly/mesh-kernels.ts exports; offsets in bytes. */
interface Exports {
  csrMultiply(
    rows: number,
    rowStart: number,
    columnIndex: number,
    values: number,
    features: number,
    x: number,
    factor: number,
    before: number,
    out: number,
  ): void;
  product(
    count: number,
    terms: number,
    inputs: number,
    outputs: number,
    x: number,
    weight: number,
    bias: number,
    out: number,
  ): void;
  outerSum(count: number, inputs: number, outputs: number, x: number, g: number, gradient: number): void;
  axpy(length: number, factor: number, x: number, y: number): void;
  dot(length: number, x: number, y: number): number;
  elu(length: number, x: number): void;
  eluGradient(length: number, y: number, g: number): void;
}

/** Largest theta of one term, in numbers, that the transposing scratch takes. */
const transposeLimit = 4096;

/**
 * The kernels in WebAssembly with 128-bit SIMD, float32 throughout: sums are float32, not float64 as in scalarKernels,
 * so results differ by rounding (about 1e-6 of the largest value). Storage lies in one memory of fixed size.
 *
 * @param bytes storage for everything that will be asked for, each array rounded up to 16 bytes.
 * @throws {ShapeError} from `floats` and `matrix`, once the storage is used up.
 * @throws {WebAssembly.CompileError} where the engine has no SIMD; every engine since 2021 (Safari 2023) has it.
 */
export function simdKernels(bytes: number): DecoderKernels {
  return new SimdKernels(bytes);
}

class SimdKernels implements DecoderKernels {
  readonly #bytes: number;
  readonly #memory: WebAssembly.Memory;
  readonly #wasm: Exports;
  /** Bytes handed out; the first 16 stay free, so that no array begins at 0, which stands for none. */
  #used = 16;
  readonly #transposed: Float32Array;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil((bytes + 16 + transposeLimit * 4) / 65536) });
    const code = Uint8Array.from(atob(meshKernelsWasm), (character) => character.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory: this.#memory } });
    this.#wasm = instance.exports as unknown as Exports;
    this.#transposed = this.floats(transposeLimit);
  }

  floats(length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#reserve(length), length);
  }

  matrix(matrix: CsrMatrix): CsrMatrix {
    const values = this.floats(matrix.values.length);
    values.set(matrix.values);
    return {
      ...matrix,
      rowStart: this.#indices(matrix.rowStart),
      columnIndex: this.#indices(matrix.columnIndex),
      values,
    };
  }

  multiply(matrix: CsrMatrix, x: FloatArray, features: number, out: FloatArray): void {
    this.#multiply(matrix, x.byteOffset, features, 1, 0, out.byteOffset);
  }

  convolve(
    lhat: CsrMatrix,
    { order, inFeatures, outFeatures }: ChebyshevShape,
    theta: FloatArray,
    bias: FloatArray,
    basis: FloatArray,
    out: FloatArray,
  ): void {
    const start = basis.byteOffset;
    const block = lhat.rows * inFeatures * 4;
    for (let k = 1; k < order; k++) {
      const before = k > 1 ? start + (k - 2) * block : 0;
      this.#multiply(lhat, start + (k - 1) * block, inFeatures, k > 1 ? 2 : 1, before, start + k * block);
    }
    const { byteOffset } = out;
    this.#wasm.product(lhat.rows, order, inFeatures, outFeatures, start, theta.byteOffset, bias.byteOffset, byteOffset);
  }

  convolveBackward(
    lhat: CsrMatrix,
    { order, inFeatures, outFeatures }: ChebyshevShape,
    theta: FloatArray,
    basis: FloatArray,
    outputGradient: FloatArray,
    inputGradient: FloatArray,
    scratch: FloatArray,
    gradient: LayerGradient | undefined,
  ): void {
    const blockLength = lhat.rows * inFeatures;
    const g = outputGradient.byteOffset;
    const at = (index: number): number => scratch.byteOffset + index * blockLength * 4;
    for (let k = 0; k < order; k++) {
      const weight = k * inFeatures * outFeatures;
      if (gradient) {
        const x = basis.byteOffset + k * blockLength * 4;
        this.#wasm.outerSum(lhat.rows, inFeatures, outFeatures, x, g, gradient.theta.byteOffset + weight * 4);
      }
      transpose(theta, weight, inFeatures, outFeatures, this.#transposed);
      this.#wasm.product(lhat.rows, 1, outFeatures, inFeatures, g, this.#transposed.byteOffset, 0, at(k));
    }
    if (gradient) sumRows(outputGradient, gradient.bias);
    for (let k = order - 1; k >= 1; k--) {
      this.#multiply(lhat, at(k), inFeatures, k === 1 ? 1 : 2, 0, inputGradient.byteOffset);
      this.#wasm.axpy(blockLength, 1, inputGradient.byteOffset, at(k - 1));
      if (k > 1) this.#wasm.axpy(blockLength, -1, at(k), at(k - 2));
    }
    inputGradient.set(scratch.subarray(0, blockLength));
  }

  elu(values: FloatArray): void {
    this.#wasm.elu(Math.ceil(values.length / 4) * 4, values.byteOffset);
  }

  eluGradient(output: FloatArray, gradient: FloatArray): void {
    this.#wasm.eluGradient(Math.ceil(output.length / 4) * 4, output.byteOffset, gradient.byteOffset);
  }

  addDense(x: FloatArray, weight: FloatArray, out: FloatArray): void {
    for (let input = 0; input < x.length; input++) {
      this.#wasm.axpy(out.length, x[input], weight.byteOffset + input * out.length * 4, out.byteOffset);
    }
  }

  denseInputGradient(weight: FloatArray, { length, byteOffset }: FloatArray, gradient: FloatArray): void {
    for (let input = 0; input < gradient.length; input++) {
      gradient[input] = this.#wasm.dot(length, weight.byteOffset + input * length * 4, byteOffset);
    }
  }

  denseWeightGradient(
    x: FloatArray,
    { length, byteOffset }: FloatArray,
    gradient: { readonly weight: FloatArray; readonly bias: FloatArray },
  ): void {
    this.#wasm.axpy(length, 1, byteOffset, gradient.bias.byteOffset);
    for (let input = 0; input < x.length; input++) {
      this.#wasm.axpy(length, x[input], byteOffset, gradient.weight.byteOffset + input * length * 4);
    }
  }

  #reserve(length: number): number {
    const start = this.#used;
    this.#used += Math.ceil(length / 4) * 16;
    if (this.#used > this.#memory.buffer.byteLength) {
      throw new ShapeError(
        `simdKernels: expected at most ${this.#bytes} bytes of arrays, got ${this.#used}; ask for more storage`,
      );
    }
    return start;
  }

  #indices(values: Uint32Array): Uint32Array {
    const copy = new Uint32Array(this.#memory.buffer, this.#reserve(values.length), values.length);
    copy.set(values);
    return copy;
  }

  #multiply(
    { rows, rowStart, columnIndex, values }: CsrMatrix,
    x: number,
    features: number,
    factor: number,
    before: number,
    out: number,
  ): void {
    const [start, columns] = [rowStart.byteOffset, columnIndex.byteOffset];
    this.#wasm.csrMultiply(rows, start, columns, values.byteOffset, features, x, factor, before, out);
  }
}

function transpose(theta: FloatArray, start: number, inputs: number, outputs: number, out: FloatArray): void {
  if (inputs * outputs > transposeLimit) {
    throw new ShapeError(`simdKernels: expected F_in x F_out of at most ${transposeLimit}, got ${inputs} x ${outputs}`);
  }
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      out[output * inputs + input] = theta[start + input * outputs + output];
    }
  }
}

function sumRows(gradient: FloatArray, sum: FloatArray): void {
  for (let row = 0; row < gradient.length; row += sum.length) {
    for (let feature = 0; feature < sum.length; feature++) sum[feature] += gradient[row + feature];
  }
}
