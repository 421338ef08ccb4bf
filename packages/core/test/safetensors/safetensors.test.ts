import { describe, expect, it } from 'vitest';
import { ModelError, ShapeError } from '../../src/errors.js';
import { decodeFloat16, encodeFloat16 } from '../../src/float16.js';
import { readSafetensors } from '../../src/safetensors/read.js';
import type { StoredTensor } from '../../src/safetensors/tensor.js';
import { writeSafetensors } from '../../src/safetensors/write.js';

/** A file made by hand from the format's description: header length, header, data. */
function bytesOf(header: string, data: readonly number[], declared = header.length): Uint8Array {
  const out = new Uint8Array(8 + header.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(declared), true);
  out.set(new TextEncoder().encode(header), 8);
  out.set(data, 8 + header.length);
  return out;
}

const oneTensor = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"k":"v"}}';

describe('readSafetensors', () => {
  it('reads a file made by hand', () => {
    // 1.0f = 00 00 80 3f, -2.0f = 00 00 00 c0, little-endian.
    const file = readSafetensors(bytesOf(oneTensor, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]), 'a.safetensors');
    expect(file.metadata).toEqual({ k: 'v' });
    expect(file.tensors.get('a')).toEqual({ format: 'F32', shape: [2], data: Float32Array.of(1, -2) });
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['a header longer than the file', bytesOf(oneTensor, [], 10_000)],
    ['a header of 2^60 bytes', bytesOf(oneTensor, [], 2 ** 60)],
    ['no JSON', bytesOf('not json at all', [])],
    ['data cut short', bytesOf(oneTensor, [0, 0, 0])],
    ['data left over', bytesOf(oneTensor, [0, 0, 0, 0, 0, 0, 0, 0, 1])],
    [
      'a shape that asks for more than there is',
      bytesOf(oneTensor.replace('[2]', '[2000000000]'), [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
    ['a fractional size', bytesOf(oneTensor.replace('[2]', '[2.5]'), [0, 0, 0, 0, 0, 0, 0, 0])],
    ['an unknown format', bytesOf(oneTensor.replace('F32', 'Q99'), [0, 0, 0, 0, 0, 0, 0, 0])],
    ['a gap before the data', bytesOf(oneTensor.replace('[0,8]', '[4,12]'), new Array<number>(12).fill(0))],
    ['a list as header', bytesOf('[1,2]', [])],
  ])('refuses %s with a typed error naming the file', (_, bytes) => {
    expect(() => readSafetensors(bytes, 'bad.safetensors')).toThrow(ModelError);
    expect(() => readSafetensors(bytes, 'bad.safetensors')).toThrow(/^bad\.safetensors: /);
  });

  it('reads back what writeSafetensors writes, at any alignment of the buffer', () => {
    const tensors = new Map<string, StoredTensor>([
      ['bytes', { format: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
      ['wide', { format: 'F64', shape: [1, 2], data: Float64Array.of(Math.PI, -0) }],
      ['index', { format: 'U32', shape: [2], data: Uint32Array.of(7, 4_294_967_295) }],
      ['signed', { format: 'I32', shape: [1], data: Int32Array.of(-5) }],
      ['half', { format: 'F16', shape: [2], data: Float32Array.of(0.5, -65504) }],
      ['none', { format: 'F32', shape: [0], data: new Float32Array(0) }],
    ]);
    const bytes = writeSafetensors({ tensors, metadata: { licence: 'MIT' } });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    const file = readSafetensors(shifted.subarray(1), 'round.safetensors');
    expect(new Map([...file.tensors].sort())).toEqual(new Map([...tensors].sort()));
    expect(file.metadata).toEqual({ licence: 'MIT' });
    expect(readSafetensors(Buffer.from(bytes), 'round.safetensors')).toEqual(file);
  });

  it('writeSafetensors refuses a shape that does not fit its data', () => {
    const tensors = new Map<string, StoredTensor>([['a', { format: 'F32', shape: [3], data: new Float32Array(2) }]]);
    expect(() => writeSafetensors({ tensors, metadata: {} })).toThrow(ShapeError);
  });
});

describe('float16', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x3555, 0.333251953125],
    [0x7c00, Number.POSITIVE_INFINITY],
  ])('bits %i are the number %d', (bits, value) => {
    expect(decodeFloat16(Uint16Array.of(bits))[0]).toBe(value);
    expect(encodeFloat16(Float32Array.of(value))[0]).toBe(bits);
  });

  it('every finite half survives decoding and encoding', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, value) => value).filter(
      (value) => (value & 0x7c00) !== 0x7c00,
    );
    expect(encodeFloat16(decodeFloat16(bits))).toEqual(bits);
  });

  it('rounds to nearest, ties to even', () => {
    // Spacing is 2^-10 at 1: 1 + 2^-11 is a tie to 1, 1 + 3 * 2^-11 a tie to 1 + 2^-9.
    const values = Float32Array.of(1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, 2047.5);
    expect([...decodeFloat16(encodeFloat16(values))]).toEqual([1, 1 + 2 ** -9, 65504, Number.POSITIVE_INFINITY, 2048]);
  });
});
