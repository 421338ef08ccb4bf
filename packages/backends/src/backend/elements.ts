import { decodeFloat16, encodeFloat16 } from '@retinabench/core';

/** What runtimes keep the elements of a tensor in. */
export type ElementArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Whether a session takes and gives elements of a type, called as ONNX Runtime calls it: numbers and truth values. */
export function isNumeric(type: string): boolean {
  return /^(float(16|32|64)|u?int(8|16|32|64)|bool)$/.test(type);
}

/**
 * Numbers as elements of another type: integers rounded half to even and clipped to their range, halves rounded half to
 * even.
 *
 * @param type ONNX Runtime's name of it: `float32`, `float16`, `uint8` ...
 * @returns undefined if the type is not one of numbers or truth values.
 */
export function toElements(type: string, values: Float32Array): ElementArray | undefined {
  switch (type) {
    case 'float32':
      return values;
    case 'float64':
      return Float64Array.from(values);
    case 'float16':
      return encodeFloat16(values);
    case 'bool':
      return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
    case 'uint8':
      return rounded(values, new Uint8Array(values.length), 0, 255);
    case 'int8':
      return rounded(values, new Int8Array(values.length), -128, 127);
    case 'uint16':
      return rounded(values, new Uint16Array(values.length), 0, 65_535);
    case 'int16':
      return rounded(values, new Int16Array(values.length), -32_768, 32_767);
    case 'int32':
      return rounded(values, new Int32Array(values.length), -(2 ** 31), 2 ** 31 - 1);
    case 'uint32':
      return rounded(values, new Uint32Array(values.length), 0, 2 ** 32 - 1);
    case 'int64':
      return BigInt64Array.from(values, (value) => BigInt(Number.isFinite(value) ? halfEven(value) : 0));
    default:
      return undefined;
  }
}

/**
 * Elements of any type as float32.
 *
 * @param type ONNX Runtime's name of it.
 * @returns the same array where it is float32 already; undefined if the elements are no numbers.
 */
export function fromElements(type: string, elements: unknown): Float32Array | undefined {
  if (elements instanceof Float32Array) return elements;
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    return Float32Array.from(elements, Number);
  }
  if (type === 'float16' && elements instanceof Uint16Array) return decodeFloat16(elements);
  // Newer runtimes of JavaScript have a Float16Array, whose elements are numbers like those of the others.
  if (ArrayBuffer.isView(elements) && !(elements instanceof DataView)) {
    return Float32Array.from(elements as unknown as ArrayLike<number>);
  }
  return undefined;
}

function rounded<Elements extends Uint8Array | Int8Array | Uint16Array | Int16Array | Int32Array | Uint32Array>(
  values: Float32Array,
  out: Elements,
  least: number,
  most: number,
): Elements {
  for (let at = 0; at < values.length; at++) out[at] = Math.min(Math.max(halfEven(values[at]), least), most);
  return out;
}

function halfEven(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(value);
}
