import { PickleGlobal, PickleTuple } from '@retinabench/models';

/** Element types of NumPy that pairs are written with. */
type Kind = 'boolean' | 'byte';

/** A type of NumPy. */
export class NumpyType {
  constructor(readonly kind: Kind) {}
}

/** An array of NumPy of one axis; its content comes after it. */
export class NumpyArray {
  #kind: Kind | undefined;
  #bytes: Uint8Array | undefined;

  /**
   * Take the state that NumPy writes: (version, shape, type, whether in Fortran order, content).
   *
   * @returns false if it is not that of an array of one axis of booleans or bytes.
   */
  fill(state: readonly unknown[]): boolean {
    const [, shape, type, , content] = state;
    if (!(shape instanceof PickleTuple) || shape.items.length !== 1 || !(type instanceof NumpyType)) return false;
    if (!(content instanceof Uint8Array) || content.length !== shape.items[0]) return false;
    this.#kind = type.kind;
    this.#bytes = content;
    return true;
  }

  /** Its content: bytes, or a list of booleans; undefined before it is filled. */
  value(): Uint8Array | boolean[] | undefined {
    if (this.#bytes === undefined) return undefined;
    return this.#kind === 'boolean' ? Array.from(this.#bytes, (byte) => byte !== 0) : this.#bytes;
  }
}

/** What a call gives. */
export type Called = Uint8Array | number | boolean | NumpyType | NumpyArray;

/** NumPy 2 moved its core. */
const isNumpy = (name: string, tail: string): boolean =>
  name === `numpy.core.${tail}` || name === `numpy._core.${tail}`;

const bytesClasses: ReadonlySet<string> = new Set(['__builtin__.bytes', '__builtin__.bytearray', 'builtins.bytearray']);

/** Whether a global is one of the few by which bytes, booleans and arrays of them are written. */
export function isKnownGlobal(name: string): boolean {
  return (
    ['_codecs.encode', 'numpy.dtype', 'numpy.ndarray'].includes(name) ||
    bytesClasses.has(name) ||
    ['multiarray.scalar', 'multiarray._reconstruct', 'numeric._frombuffer'].some((tail) => isNumpy(name, tail))
  );
}

/**
 * What a known global gives for its parameters, without running anything.
 *
 * @returns undefined for parameters of anything else than bytes, booleans and arrays of one axis of them.
 * Source: `__reduce__` of bytes in CPython, of dtype, scalars and ndarray in NumPy 1 and 2 (`_core/src/multiarray`).
 */
export function callKnown(name: string, parameters: readonly unknown[]): Called | undefined {
  const [first, second, third] = parameters;
  if (name === '_codecs.encode') {
    if (typeof first !== 'string' || second !== 'latin1') return undefined;
    return Uint8Array.from(first, (character) => character.charCodeAt(0));
  }
  if (bytesClasses.has(name)) return bytesOf(first);
  if (name === 'numpy.dtype') return typeOf(first);
  if (isNumpy(name, 'multiarray.scalar')) return scalarOf(first, second);
  if (isNumpy(name, 'multiarray._reconstruct')) {
    return first instanceof PickleGlobal && first.name === 'numpy.ndarray' ? new NumpyArray() : undefined;
  }
  if (isNumpy(name, 'numeric._frombuffer')) {
    const array = new NumpyArray();
    return array.fill([1, third, second, false, first]) ? array : undefined;
  }
  return undefined;
}

function bytesOf(content: unknown): Uint8Array | undefined {
  if (content === undefined) return new Uint8Array(0);
  return content instanceof Uint8Array ? content : undefined;
}

/** Python 2 writes the code as a byte string. */
function typeOf(code: unknown): NumpyType | undefined {
  const text = code instanceof Uint8Array ? String.fromCharCode(...code.subarray(0, 4)) : code;
  if (text === 'b1' || text === '|b1' || text === '?') return new NumpyType('boolean');
  return text === 'u1' || text === '|u1' ? new NumpyType('byte') : undefined;
}

function scalarOf(type: unknown, content: unknown): boolean | number | undefined {
  if (!(type instanceof NumpyType) || !(content instanceof Uint8Array) || content.length !== 1) return undefined;
  return type.kind === 'boolean' ? content[0] !== 0 : content[0];
}
