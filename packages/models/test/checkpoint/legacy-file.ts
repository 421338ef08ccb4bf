/** The codes of a text. */
export const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
/** A text, as BINUNICODE. */
export const unicode = (text: string): number[] => [0x58, text.length, 0, 0, 0, ...ascii(text)];
/** A named global. */
export const global = (module: string, name: string): number[] => [0x63, ...ascii(`${module}\n${name}\n`)];

/** Magic number, protocol 1001 and an empty platform: what a legacy file opens with. */
const opening = [
  ...[0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
  ...[0x80, 0x02, 0x4d, 0xe9, 0x03, 0x2e],
  ...[0x80, 0x02, 0x7d, 0x2e],
];

/** A persistent id of a float storage: ('storage', FloatStorage, '7', 'cpu', elements, None), then BINPERSID. */
export const storage = (elements: number): number[] => [
  ...[0x28, ...unicode('storage'), ...global('torch', 'FloatStorage'), ...unicode('7'), ...unicode('cpu')],
  ...[0x4d, elements & 0xff, elements >> 8, 0x4e, 0x74, 0x51],
];

/** _rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict()). */
export const tensor = (elements: number, size: readonly number[], stride: readonly number[]): number[] => [
  ...global('torch._utils', '_rebuild_tensor_v2'),
  ...[0x28, ...storage(elements), 0x4b, 0x00],
  ...[0x28, ...size.flatMap((dim) => [0x4d, dim & 0xff, dim >> 8]), 0x74],
  ...[0x28, ...stride.flatMap((step) => [0x4b, step]), 0x74],
  ...[0x89, ...global('collections', 'OrderedDict'), 0x29, 0x52, 0x74, 0x52],
];

/** A legacy file whose object is {'w': <value>} and that holds these floats in storage '7'. */
export const legacyFile = (value: readonly number[], floats: readonly number[]): Uint8Array => {
  const count = new Uint8Array(new BigInt64Array([BigInt(floats.length)]).buffer);
  const data = new Uint8Array(Float32Array.from(floats).buffer);
  return Uint8Array.from([
    ...[...opening, 0x80, 0x02, 0x7d, ...unicode('w'), ...value, 0x73, 0x2e],
    ...[0x80, 0x02, 0x5d, ...unicode('7'), 0x61, 0x2e, ...count, ...data],
  ]);
};
