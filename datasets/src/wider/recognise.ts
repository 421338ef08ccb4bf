import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { WiderImage } from './list.js';
import { nameKey } from './name-key.js';
import { readOfficialVal } from './official-val.js';

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

/**
 * Whether names `<event>/<image>` are those of WIDER FACE val: all, some, or others among them.
 *
 * Cost: one hash of all names if they are all of it, else one hash a name; a foreign name among others passes with a probability
 * of 1 to 1.3 million.
 */
export async function matchWiderValNames(names: readonly string[]): Promise<'whole' | 'part' | 'other'> {
  const { whole, places } = await readOfficialVal();
  if (names.length === widerValImages && sha256Of([...names].sort().join('\n')) === whole) return 'whole';
  if (names.length === 0 || !names.every((name) => places.has(nameKey(name)))) return 'other';
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
  const { places, sizes } = await readOfficialVal();
  const sized = images.flatMap((image) => {
    const expected = sizes[places.get(nameKey(`${image.event}/${image.image}`)) ?? -1] ?? 0;
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

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}
