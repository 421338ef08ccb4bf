import { formatCount, formatShare } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import type { RelativeFit } from './search/fit-relative.js';
import type { ReadingScore } from './search/score-reading.js';

/**
 * Say that detections are a part or multiple of the faces that they lie on. About their middle that is a convention, or a wrong
 * decoder, and a warning; from one corner on it is a width and height that are wrong, and an error, as is the same size beside the
 * face. No flag undoes any of them.
 */
export function describeRelativeSize(
  input: DiagnosisInput,
  fit: RelativeFit,
  given: ReadingScore,
  images: number,
): Diagnosis {
  if (fit.isBeside) return describeBeside(input, fit, given, images);
  const { origin } = input;
  const { box, score, isAnchored } = fit;
  const share = (found: number): string => formatShare(found / Math.max(score.faces, 1));
  const sides = Math.sqrt(box.w * box.h).toFixed(2);
  const times = `sides ${sides} times those of the face (${box.w.toFixed(2)} in width, ${box.h.toFixed(2)} in height)`;
  const decoder =
    origin === 'detector'
      ? 'check the sizes of the anchors and the variances on the card'
      : 'check the anchors and variances of the decoder';
  return {
    code: 'box-size',
    level: isAnchored ? 'error' : 'warning',
    evidence: `the detections ${isAnchored ? 'begin at the upper left corner of annotated faces, with' : 'lie on annotated faces, with'} ${times}: brought to the size of the faces they find ${share(score.found)} of them instead of ${share(given.found)}, on ${formatCount(images)} images`,
    effect: isAnchored
      ? 'widths and heights of one of the two are not those of a box: overlaps are of no face'
      : `an IoU of 0.5 is out of reach for most: AP is of boxes that are drawn otherwise than the annotated ones`,
    fix: isAnchored
      ? `find out which of the two is wrong (look at some boxes drawn on their images) and write its width and height again: no shift or factor of whole boxes brings them back; ${decoder}`
      : `${decoder}, or whether boxes of heads are meant on one side: then annotate and detect the same, or take the number as it is`,
  };
}

/** x and y of another point than the upper left corner: a shift by a share of each box, which none in pixels is. */
function describeBeside(
  { origin }: DiagnosisInput,
  { box, score }: RelativeFit,
  given: ReadingScore,
  images: number,
): Diagnosis {
  const share = (found: number): string => formatShare(found / Math.max(score.faces, 1));
  return {
    code: 'offset-boxes',
    level: 'error',
    evidence: `the detections have the size of annotated faces and lie beside them, by ${box.x.toFixed(2)} of the width of the face in x and ${box.y.toFixed(2)} of its height in y: moved back by that they find ${share(score.found)} of them instead of ${share(given.found)}, on ${formatCount(images)} images`,
    effect: 'x and y of one of the two are not those of the upper left corner: overlaps are of no face',
    fix: `find out which point of the box x and y are on either side (y of the lower edge is 1.00 of the height off, a corner for a middle half of it; look at some boxes drawn on their images) and write the upper left corner: no shift in pixels brings all of them back${origin === 'detector' ? '; check how the decoder of the card places boxes' : ''}`,
  };
}
