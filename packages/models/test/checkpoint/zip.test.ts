import { ModelError } from '@retinabench/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCheckpoint } from '../../src/index.js';

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const le16 = (value: number): number[] => [value & 0xff, value >> 8];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(Math.floor(value / 65536))];
const unicode = (text: string): number[] => [0x58, ...le32(text.length), ...ascii(text)];
const global = (module: string, name: string): number[] => [0x63, ...ascii(`${module}\n${name}\n`)];

/** A member as PyTorch stores it: method 0, sizes in a data descriptor, padding in the extra field, CRC left out. */
interface Member {
  readonly name: string;
  readonly data: readonly number[];
  readonly method?: number;
}

/** An archive by the book: local headers and data, the directory, its end. */
function archive(members: readonly Member[]): Uint8Array {
  const bytes: number[] = [];
  const directory: number[] = [];
  for (const { name, data, method = 0 } of members) {
    const at = bytes.length;
    const extra = [0x46, 0x42, ...le16(4), 0, 0, 0, 0];
    const common = [...le16(20), ...le16(8), ...le16(method), ...le32(0), ...le32(0)];
    bytes.push(...ascii('PK\x03\x04'), ...common, ...le32(0), ...le32(0), ...le16(name.length), ...le16(extra.length));
    bytes.push(...ascii(name), ...extra, ...data);
    directory.push(...ascii('PK\x01\x02'), ...le16(0), ...common, ...le32(data.length), ...le32(data.length));
    directory.push(...le16(name.length), ...le16(0), ...le16(0), ...le16(0), ...le16(0), ...le32(0), ...le32(at));
    directory.push(...ascii(name));
  }
  const start = bytes.length;
  const end = [...le16(0), ...le16(0), ...le16(members.length), ...le16(members.length)];
  bytes.push(...directory, ...ascii('PK\x05\x06'), ...end, ...le32(directory.length), ...le32(start), ...le16(0));
  return Uint8Array.from(bytes);
}

/** {'state_dict': {'module.w': tensor [2] of half-precision storage '0'}, 'epoch': 3}, protocol 2. */
const program = [
  ...[0x80, 0x02, 0x7d, 0x28, ...unicode('state_dict'), 0x7d, ...unicode('module.w')],
  ...[...global('torch._utils', '_rebuild_tensor_v2'), 0x28],
  ...[
    0x28,
    ...unicode('storage'),
    ...global('torch', 'HalfStorage'),
    ...unicode('0'),
    ...unicode('cpu'),
    0x4b,
    2,
    0x74,
    0x51,
  ],
  ...[0x4b, 0, 0x4b, 2, 0x85, 0x4b, 1, 0x85, 0x89, ...global('collections', 'OrderedDict'), 0x29, 0x52, 0x74, 0x52],
  ...[0x73, ...unicode('epoch'), 0x4b, 3, 0x75, 0x2e],
];

/** 1 and -2 as half-precision numbers. */
const halves = [0x00, 0x3c, 0x00, 0xc0];

const whole: readonly Member[] = [
  { name: 'net/data.pkl', data: program },
  { name: 'net/byteorder', data: ascii('little') },
  { name: 'net/data/0', data: halves },
];

test('readCheckpoint reads the ZIP format, a wrapped state_dict and half precision, and drops the prefix module.', () => {
  expect([...readCheckpoint(archive(whole), 'net.pth')]).toEqual([
    ['w', { dims: [2], values: Float32Array.of(1, -2) }],
  ]);
});

test('readCheckpoint names a tensor whose storage is missing or short', () => {
  expect(() => readCheckpoint(archive(whole.slice(0, 2)), 'net.pth')).toThrow(
    /net\.pth: tensor w: expected 4 bytes in storage 0, got 0/,
  );
});

test('readCheckpoint refuses compressed members, big-endian files and archives that are no checkpoint', () => {
  const compressed = whole.map((member) => ({ ...member, method: 8 }));
  expect(() => readCheckpoint(archive(compressed), 'net.pth')).toThrow(/data\.pkl is compressed/);
  const big = whole.map((member) => (member.name === 'net/byteorder' ? { ...member, data: ascii('big') } : member));
  expect(() => readCheckpoint(archive(big), 'net.pth')).toThrow(/big-endian/);
  expect(() => readCheckpoint(archive([{ name: 'a.txt', data: [1] }]), 'a.zip')).toThrow(/without data\.pkl/);
});

test('readCheckpoint gives tensors or a typed error, whatever bytes of an archive are changed or cut', () => {
  const bytes = archive(whole);
  const change = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(bytes.length), (changes, length) => {
      const damaged = new Uint8Array(bytes);
      for (const { at, to } of changes) damaged[at] = to;
      for (const file of [damaged, bytes.subarray(0, length)]) {
        try {
          readCheckpoint(file, 'net.pth');
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
        }
      }
    }),
    { seed: 6, numRuns: 2000 },
  );
});
