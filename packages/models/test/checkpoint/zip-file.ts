/** The codes of a text. */
export const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const le16 = (value: number): number[] => [value & 0xff, value >> 8];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(Math.floor(value / 65536))];
const unicode = (text: string): number[] => [0x58, ...le32(text.length), ...ascii(text)];
const global = (module: string, name: string): number[] => [0x63, ...ascii(`${module}\n${name}\n`)];

/** A member as PyTorch stores it: method 0, sizes in a data descriptor, padding in the extra field, CRC left out. */
export interface Member {
  readonly name: string;
  readonly data: readonly number[];
  readonly method?: number;
}

/** An archive by the book: local headers and data, the directory, its end. */
export function archive(members: readonly Member[]): Uint8Array {
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

/** Members of a valid checkpoint. */
export const whole: readonly Member[] = [
  { name: 'net/data.pkl', data: program },
  { name: 'net/byteorder', data: ascii('little') },
  { name: 'net/data/0', data: halves },
];
