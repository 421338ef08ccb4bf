import {
  type TfliteModel,
  type TfliteNode,
  type TfliteTensor,
  type TfliteType,
  tfliteTypes,
} from '@retinabench/models';

/** A tensor of the network that is being recorded: its place in the file, its shape and type. */
export interface Recorded {
  readonly index: number;
  readonly dims: readonly number[];
  readonly type: TfliteType;
  /** Of a constant, its elements. */
  readonly values?: Float32Array | Int32Array | Uint8Array;
}

/** Collects tensors and operators of a TensorFlow Lite network in the order of execution. */
export class Recorder {
  readonly #tensors: TfliteTensor[] = [];
  readonly #nodes: TfliteNode[] = [];
  readonly #constants = new Map<string, Recorded>();

  /** A tensor that is fed. */
  input(name: string, dims: readonly number[], type: TfliteType): Recorded {
    return this.#tensor(name, dims, type);
  }

  /** A constant; small ones are kept once. */
  constant(values: Float32Array | Int32Array | Uint8Array, dims: readonly number[], type: TfliteType): Recorded {
    const key = values.length <= 16 ? `${type} ${dims.join('x')} ${values.join()}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known) return known;
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const made = { ...this.#tensor(`constant${this.#tensors.length}`, dims, type, data), values };
    if (key !== undefined) this.#constants.set(key, made);
    return made;
  }

  /** A list of whole numbers, as operators take their axes and sizes. */
  integers(values: readonly number[]): Recorded {
    return this.constant(Int32Array.from(values), [values.length], 'int32');
  }

  /** A single float32. */
  scalar(value: number): Recorded {
    return this.constant(Float32Array.of(value), [], 'float32');
  }

  /** Record an operator with one result. */
  node(
    operator: string,
    inputs: readonly Recorded[],
    dims: readonly number[],
    type: TfliteType = inputs[0].type,
    options?: Readonly<Record<string, number>>,
  ): Recorded {
    const made = this.#tensor(`value${this.#tensors.length}`, dims, type);
    this.#nodes.push({
      operator,
      inputs: inputs.map(({ index }) => index),
      outputs: [made.index],
      ...(options ? { options } : {}),
    });
    return made;
  }

  /** The same elements as another type. */
  cast(value: Recorded, type: TfliteType): Recorded {
    if (value.type === type) return value;
    const options = { from: tfliteTypes.indexOf(value.type), to: tfliteTypes.indexOf(type) };
    return this.node('CAST', [value], value.dims, type, options);
  }

  /** The network recorded so far, its outputs under the given names. */
  finish(
    description: string,
    inputs: readonly Recorded[],
    outputs: readonly { readonly name: string; readonly recorded: Recorded }[],
  ): TfliteModel {
    const names = new Map(outputs.map(({ name, recorded }) => [recorded.index, name]));
    return {
      description,
      tensors: this.#tensors.map((tensor, index) => ({ ...tensor, name: names.get(index) ?? tensor.name })),
      nodes: this.#nodes,
      inputs: inputs.map(({ index }) => index),
      outputs: outputs.map(({ recorded }) => recorded.index),
    };
  }

  #tensor(name: string, dims: readonly number[], type: TfliteType, data?: Uint8Array): Recorded {
    this.#tensors.push({ name, type, dims: [...dims], ...(data ? { data } : {}) });
    return { index: this.#tensors.length - 1, dims: [...dims], type };
  }
}
