import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { WiderImage } from './list.js';

/** Images of the complete WIDER FACE validation set. */
export const widerValImages = 3226;

/** What a set of images is with regard to WIDER FACE val. */
export interface WiderValMatch {
  /**
   * `whole`, a `part` of it, `altered`: its names, but other files; `other`: not it. Images under other names are never it,
   * whatever folder they lie in.
   */
  readonly kind: 'whole' | 'part' | 'altered' | 'other';
  /** On what that is based, as a sentence. */
  readonly evidence: string;
}

/** The official images. */
interface OfficialImages {
  /** SHA-256 of all names, sorted and joined by line feeds. */
  readonly whole: string;
  /** Of each the size in bytes where it is known, else 0, by the first four bytes of the SHA-256 of its name. */
  readonly sizes: ReadonlyMap<number, number>;
}

let official: Promise<OfficialImages> | undefined;

async function readOfficial(): Promise<OfficialImages> {
  const file = new URL('../../data/wider-val-images.json', import.meta.url);
  const read = JSON.parse(await readFile(file, 'utf8')) as Record<'whole' | 'names' | 'sizes', string>;
  const [keys, bytes] = [read.names, read.sizes].map((text) => Buffer.from(text, 'base64'));
  const sizes = new Map(
    Array.from({ length: keys.length / 4 }, (_, at) => [keys.readUInt32BE(at * 4), bytes.readUInt32BE(at * 4)]),
  );
  return { whole: read.whole, sizes };
}

function keyOf(name: string): number {
  return sha256Of(name).readUInt32BE(0);
}

function sha256Of(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Whether names `<event>/<image>` are those of WIDER FACE val: all, some, or others among them.
 *
 * Cost: one hash of all names if they are all of it, else one hash a name; a foreign name among others passes with a probability
 * of 1 to 1.3 million.
 */
export async function matchWiderValNames(names: readonly string[]): Promise<'whole' | 'part' | 'other'> {
  official ??= readOfficial();
  const { whole, sizes } = await official;
  if (names.length === widerValImages && sha256Of([...names].sort().join('\n')).toString('hex') === whole)
    return 'whole';
  if (names.length === 0 || !names.every((name) => sizes.has(keyOf(name)))) return 'other';
  return new Set(names).size === widerValImages ? 'whole' : 'part';
}

/**
 * Recognise WIDER FACE val by what is in it: the names of the images, and the sizes of those whose official size is
 * known (every fourth).
 *
 * Cost: one hash a name, one `stat` for each size that is known.
 */
export async function recogniseWiderVal(images: readonly WiderImage[]): Promise<WiderValMatch> {
  const kind = await matchWiderValNames(images.map(({ event, image }) => `${event}/${image}`));
  if (kind === 'other') return { kind, evidence: 'its images are not those of WIDER FACE val' };
  const { sizes } = await (official as Promise<OfficialImages>);
  const sized = images.flatMap((image) => {
    const expected = sizes.get(keyOf(`${image.event}/${image.image}`)) ?? 0;
    return expected === 0 ? [] : [{ ...image, expected }];
  });
  const found = await Promise.all(sized.map(({ file }) => sizeOf(file)));
  const other = sized.findIndex(({ expected }, index) => found[index] !== undefined && found[index] !== expected);
  if (other >= 0) {
    const { event, image, expected } = sized[other];
    return {
      kind: 'altered',
      evidence: `its images have names of WIDER FACE val, but are other files (${event}/${image} has ${found[other]} bytes, there ${expected})`,
    };
  }
  // Decoding reports a missing image.
  const checked = found.filter((size) => size !== undefined).length;
  const basis =
    checked === 0
      ? 'its names'
      : `its names and the size${checked === 1 ? '' : 's'} of ${checked} file${checked === 1 ? '' : 's'}`;
  return { kind, evidence: `recognised as ${kind === 'whole' ? '' : 'a part of '}WIDER FACE val by ${basis}` };
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
