import { readFile } from 'node:fs/promises';

/** WIDER FACE val as its publisher has it; each list has an entry an image, in one order. */
export interface OfficialVal {
  /** SHA-256 of all names, sorted and joined by line feeds. */
  readonly whole: string;
  /** Where an image stands in the lists, by the first four bytes of the SHA-256 of its name. */
  readonly places: ReadonlyMap<number, number>;
  /** Sizes in bytes where they are known, else 0. */
  readonly sizes: Uint32Array;
  /** Sums of the boxes of the faces, as `faceSums` makes them. */
  readonly boxes: Uint32Array;
  /** Sums of the boxes with the splits in which each counts. */
  readonly splits: Uint32Array;
}

let read: Promise<OfficialVal> | undefined;

/** Read what is known of WIDER FACE val, once. */
export function readOfficialVal(): Promise<OfficialVal> {
  read ??= readLists();
  return read;
}

async function readLists(): Promise<OfficialVal> {
  const file = new URL('../../data/wider-val-images.json', import.meta.url);
  const lists = JSON.parse(await readFile(file, 'utf8')) as Record<keyof OfficialVal | 'names', string>;
  const places = new Map(Array.from(numbersOf(lists.names), (key, place) => [key, place]));
  return {
    whole: lists.whole,
    places,
    sizes: numbersOf(lists.sizes),
    boxes: numbersOf(lists.boxes),
    splits: numbersOf(lists.splits),
  };
}

/** Numbers of four bytes, big-endian, in base64. */
function numbersOf(base64: string): Uint32Array {
  const bytes = Buffer.from(base64, 'base64');
  return Uint32Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readUInt32BE(4 * place));
}
