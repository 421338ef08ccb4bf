import type { DetectionImages, InfluenceColumn, RecallGrid } from '../record/detection-result.js';
import type { ApInfluence } from './influence.js';

/** Numbers of a detection record that are better the lower they are. */
const lowerIsBetter: ReadonlySet<string> = new Set(['missRate']);

/** Whether a number of a detection record is better the lower it is. */
export function isLowerBetter(name: string): boolean {
  return lowerIsBetter.has(name);
}

/** Digits to which influences are kept, and how far each may be off for that, as a share of itself. */
const digits = 9;
export const influenceRounding = 0.5 * 10 ** (1 - digits);

/**
 * Influences of images as a record keeps them.
 *
 * @param effect  of the number itself, or of 1 less it where lower is better.
 * @param faces   name of the column of counted faces that it is over.
 * @param facesOf that column.
 * @param grid    of an AP of 101 recalls.
 */
export function influenceColumn(
  effect: ApInfluence,
  faces: string,
  facesOf: ArrayLike<number>,
  grid?: RecallGrid,
): InfluenceColumn {
  const { influence, found, missing } = effect;
  let [perMissedFace, perPerfectFace] = [0, 0];
  for (let image = 0; image < influence.length; image++) {
    if (facesOf[image] === 0) continue;
    perMissedFace = (influence[image] - found[image]) / facesOf[image];
    perPerfectFace = (influence[image] + missing[image]) / facesOf[image];
    break;
  }
  return {
    faces,
    perMissedFace,
    perPerfectFace,
    perImage: Array.from(influence, (own) => Number(own.toPrecision(digits))),
    ...(grid === undefined ? {} : { grid }),
  };
}

/**
 * Influences of images from a record.
 *
 * @param value of the number; where lower is better, 1 less it.
 * @param order indices into the images, for two records that list them differently; default: as they come.
 * @returns undefined if the record has none of this number.
 */
export function columnInfluence(
  images: DetectionImages,
  name: string,
  value: number,
  order: ArrayLike<number> = images.names.map((_, image) => image),
): { readonly effect: ApInfluence; readonly facesOf: Int32Array } | undefined {
  const column = images.influence[name];
  const faces = column === undefined ? undefined : images.faces[column.faces];
  if (column === undefined || faces === undefined) return undefined;
  const facesOf = Int32Array.from(order, (image) => faces[image]);
  const influence = Float64Array.from(order, (image) => column.perImage[image]);
  return {
    facesOf,
    effect: {
      ap: value,
      faces: facesOf.reduce((sum, of) => sum + of, 0),
      influence,
      found: influence.map((own, image) => own - column.perMissedFace * facesOf[image]),
      missing: influence.map((own, image) => column.perPerfectFace * facesOf[image] - own),
    },
  };
}
