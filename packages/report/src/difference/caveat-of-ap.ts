import { type ApDifference, fewImages, formatCount } from '@retinabench/results';
import { significant } from '../format/number.js';

/** From here on intervals of broad differences were measured to hold what they say: docs/intervals.md. */
const enoughImages = 200;

/** What a reader should know of a paired difference in AP on these images, in half sentences; undefined if nothing. */
export function caveatOfAp({ images, differing, deciding }: ApDifference): string | undefined {
  const missed = `a change on up to 3/${images} (${significant(Math.min(100, 300 / images))} %) of the images cannot be excluded`;
  const caveats: string[] = [];
  if (differing === 0) caveats.push(`no image differs: ${missed}`);
  else if (deciding === 0) caveats.push(`no image differs in what AP depends on: ${missed}`);
  else if (differing < fewImages)
    caveats.push(
      `${differing === images ? `there are only ${images} images` : `only ${differing} of ${formatCount(images)} images differ`}, so the interval is wide: ${missed}`,
    );
  else if (deciding < fewImages) {
    caveats.push(
      `about ${Math.max(1, Math.round(deciding))} of ${formatCount(images)} images make up the difference: ${missed}`,
    );
  }
  if (images < enoughImages) {
    caveats.push(`below ${enoughImages} images a 95 % interval can hold the truth less often than it says`);
    if (deciding >= fewImages) caveats.push(missed);
  }
  return caveats.length === 0 ? undefined : caveats.join('; ');
}
