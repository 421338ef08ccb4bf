import fc from 'fast-check';
import { oneToFour } from './one-to-four.js';

/** One change to a file. */
type Mutation = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

/** Values that lengths, counts and offsets are set to. */
const extremes = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** Where a change strikes: any byte, or more often one of the first ones, where headers lie. */
const place = fc.oneof(fc.nat(2 ** 31), fc.nat(63), fc.nat(511));
const length = fc.oneof(fc.nat(16), fc.nat(4096));

/**
 * Files made from real ones by one to four changes: bytes and bits changed, 16-, 32- and 64-bit words of either byte order set
 * to extreme values, cut, a part left out, a part twice, noise put in, a part of another file put in.
 *
 * @param originals valid files; the first is changed, the others lend parts. All are left as they are.
 * @param focus     a stretch of the file that half of the changes strike, such as a header at its end.
 */
export function mutatedBytes(
  originals: readonly Uint8Array[],
  focus?: { readonly start: number; readonly end: number },
): fc.Arbitrary<Uint8Array> {
  // Copies: a Buffer's `slice` would share its memory.
  const files = originals.map((bytes) => new Uint8Array(bytes));
  const at =
    focus === undefined
      ? place
      : fc.oneof(place, fc.integer({ min: focus.start, max: Math.max(focus.start, focus.end - 1) }));
  const mutation = fc.oneof(
    fc.tuple(at, fc.nat(255)).map(([p, to]): Mutation => setBytes(p, Uint8Array.of(to))),
    fc.tuple(at, fc.nat(7)).map(
      ([p, bit]): Mutation =>
        (bytes) =>
          flipBit(bytes, p, bit),
    ),
    fc
      .tuple(at, fc.constantFrom(...extremes), fc.constantFrom(2, 4, 8), fc.boolean())
      .map(([p, value, width, little]): Mutation => setBytes(p, word(value, width, little))),
    at.map(
      (p): Mutation =>
        (bytes) =>
          bytes.slice(0, p % (bytes.length + 1)),
    ),
    fc.tuple(at, length).map(
      ([p, n]): Mutation =>
        (bytes) =>
          splice(bytes, p, n, new Uint8Array(0)),
    ),
    fc.tuple(at, length, at).map(
      ([p, n, q]): Mutation =>
        (bytes) =>
          splice(bytes, q, 0, part(bytes, p, n)),
    ),
    fc.tuple(at, fc.uint8Array({ maxLength: 12 })).map(
      ([p, noise]): Mutation =>
        (bytes) =>
          splice(bytes, p, 0, noise),
    ),
    fc.tuple(at, length, at, fc.nat(files.length - 1)).map(
      ([p, n, q, from]): Mutation =>
        (bytes) =>
          splice(bytes, q, n, part(files[from], p, n)),
    ),
  );
  return fc.tuple(fc.nat(files.length - 1), oneToFour(mutation)).map(([which, mutations]) => {
    let bytes = files[which].slice();
    for (const mutate of mutations) bytes = mutate(bytes);
    return bytes;
  });
}

function setBytes(p: number, values: Uint8Array): Mutation {
  return (bytes) => {
    if (bytes.length > 0) {
      const start = p % bytes.length;
      bytes.set(values.subarray(0, bytes.length - start), start);
    }
    return bytes;
  };
}

function flipBit(bytes: Uint8Array<ArrayBuffer>, p: number, bit: number): Uint8Array<ArrayBuffer> {
  if (bytes.length > 0) bytes[p % bytes.length] ^= 1 << bit;
  return bytes;
}

/** `value` in `width` bytes; the all-ones word of 32 bits is all ones in 64 bits too, so that it is negative there. */
function word(value: number, width: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(8);
  const wide = value === 0xffff_ffff ? -1n : BigInt(value);
  new DataView(bytes.buffer).setBigInt64(0, wide, true);
  const chosen = bytes.slice(0, width);
  return little ? chosen : chosen.reverse();
}

function part(bytes: Uint8Array, p: number, n: number): Uint8Array {
  const start = p % (bytes.length + 1);
  return bytes.slice(start, start + n);
}

function splice(bytes: Uint8Array, p: number, removed: number, inserted: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = p % (bytes.length + 1);
  const rest = bytes.subarray(Math.min(start + removed, bytes.length));
  const out = new Uint8Array(start + inserted.length + rest.length);
  out.set(bytes.subarray(0, start));
  out.set(inserted, start);
  out.set(rest, start + inserted.length);
  return out;
}
