import type { Annotations } from '@retinabench/annotations';
import { type Finding, formatCount, formatShare } from '@retinabench/results';
import type { AnnotationsCode } from './annotations-code.js';
import { diagnoseCornerProportions } from './corner-proportions.js';
import { diagnoseCornersAsSizes } from './corners-as-sizes.js';
import { diagnoseFlagNames } from './diagnose-flag-names.js';

/** A face is outside if more than this share of its width or height is. */
const outsideShare = 0.3;

/**
 * Share of the faces whose centre has to lie outside for the annotations to be impossible: boxes of heads, or of faces that are cut
 * off, go on beyond the image and have their centre in it; misread ones do not.
 */
const centresOutside = 0.05;

/** Shares of the faces from which on a finding is said, and from which on the annotations cannot be right. */
const said = 0.01;
const impossible = 0.2;

/** Faces from which on shares say something. */
const fewest = 3;

/**
 * Find what is wrong with annotations themselves: boxes that leave their images, as corners read for widths or boxes of
 * images of another size do; boxes within the first pixel, as shares of the image are; faces annotated twice; faces without
 * area; attributes that are called like a flag and are none.
 *
 * @returns errors first.
 * Cost: O(faces).
 */
export function diagnoseAnnotations(annotations: Annotations): Finding<AnnotationsCode>[] {
  const faces = annotations.boxesXywh.length / 4;
  if (faces === 0) return [];
  const found = [
    ...diagnoseRelative(annotations),
    ...outsideOrCorners(annotations),
    ...diagnoseTwice(annotations, faces),
    ...diagnoseArea(annotations),
    ...diagnoseFlagNames(annotations),
  ];
  return found.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}

function outsideOrCorners(annotations: Annotations): Finding<AnnotationsCode>[] {
  const outside = diagnoseOutside(annotations);
  if (outside.some(({ level }) => level === 'error')) return outside;
  const corners = diagnoseCornersAsSizes(annotations);
  return corners.length > 0 ? corners : [...outside, ...diagnoseCornerProportions(annotations)];
}

function diagnoseOutside({ images, start, boxesXywh: boxes, sizesPx }: Annotations): Finding<AnnotationsCode>[] {
  let known = 0;
  let outside = 0;
  let centres = 0;
  let first = '';
  for (let image = 0; image < images.length; image++) {
    const [width, height] = [sizesPx[2 * image], sizesPx[2 * image + 1]];
    if (width === 0 || height === 0) continue;
    for (let face = start[image]; face < start[image + 1]; face++) {
      const [x, y, w, h] = boxes.subarray(4 * face, 4 * face + 4);
      known++;
      const leftOver = (at: number, side: number, size: number): boolean =>
        at < -outsideShare * side || at + side - size > outsideShare * side;
      if (!leftOver(x, w, width) && !leftOver(y, h, height)) continue;
      outside++;
      const isIn = (centre: number, size: number): boolean => centre >= 0 && centre <= size;
      if (!isIn(x + w / 2, width) || !isIn(y + h / 2, height)) centres++;
      if (first === '') first = `${images[image]}: x ${x}, y ${y}, width ${w}, height ${h} in ${width} x ${height}`;
    }
  }
  const share = outside / Math.max(known, 1);
  if (outside < fewest || share < said) return [];
  return [
    {
      code: 'faces-outside',
      level: share >= impossible && centres >= centresOutside * known ? 'error' : 'warning',
      evidence: `${formatCount(outside)} of ${formatCount(known)} annotated faces (${formatShare(share)}) lie outside their image by more than ${outsideShare * 100} % of their side, first ${first}`,
      effect: 'what no detector can find is missed',
      fix: 'say how the annotations are to be read (of CSV --gt-boxes xyxy or --gt-units relative, of Pascal VOC --gt-corners), or correct them: are they x, y, width, height, and of images of this size? Boxes of heads, or of faces that are cut off, that go on beyond the image may stay',
    },
  ];
}

function diagnoseRelative({ images, start, boxesXywh: boxes }: Annotations): Finding<AnnotationsCode>[] {
  let relative = 0;
  let first = '';
  for (let image = 0; image < images.length; image++) {
    for (let face = start[image]; face < start[image + 1]; face++) {
      const [x, y, w, h] = boxes.subarray(4 * face, 4 * face + 4);
      if (!(x >= 0 && y >= 0 && x + w <= 1 && y + h <= 1 && w > 0 && h > 0)) continue;
      relative++;
      if (first === '') first = `${images[image]}: x ${x}, y ${y}, width ${w}, height ${h}`;
    }
  }
  const share = relative / (boxes.length / 4);
  if (relative < fewest || share < said) return [];
  return [
    {
      code: 'faces-relative',
      level: share >= impossible ? 'error' : 'warning',
      evidence: `${formatCount(relative)} of ${formatCount(boxes.length / 4)} annotated faces (${formatShare(share)}) lie within the first pixel of their image, as shares of its sides would, first ${first}`,
      effect: 'what no detector can find is missed',
      fix: 'say how the annotations are to be read (of CSV --gt-units relative), or write boxes in pixels',
    },
  ];
}

function diagnoseTwice({ images, start, boxesXywh: boxes }: Annotations, faces: number): Finding<AnnotationsCode>[] {
  let twice = 0;
  let first = '';
  for (let image = 0; image < images.length; image++) {
    const seen = new Set<string>();
    for (let face = start[image]; face < start[image + 1]; face++) {
      const box = boxes.subarray(4 * face, 4 * face + 4).join(' ');
      if (!seen.has(box)) {
        seen.add(box);
        continue;
      }
      twice++;
      if (first === '') first = images[image];
    }
  }
  const share = twice / faces;
  if (twice < fewest || share < said) return [];
  return [
    {
      code: 'faces-twice',
      level: share >= impossible ? 'error' : 'warning',
      evidence: `${formatCount(twice)} of ${formatCount(faces)} annotated faces (${formatShare(share)}) have the box of another of the same image, first in ${first}`,
      effect: 'a detector that finds a face once misses its repetition',
      fix: 'write each face once',
    },
  ];
}

function diagnoseArea({ boxesXywh: boxes }: Annotations): Finding<AnnotationsCode>[] {
  let without = 0;
  for (let at = 0; at < boxes.length; at += 4) if (!(boxes[at + 2] > 0 && boxes[at + 3] > 0)) without++;
  if (without === 0) return [];
  return [
    {
      code: 'faces-without-area',
      level: 'warning',
      evidence: `${formatCount(without)} of ${formatCount(boxes.length / 4)} annotated faces have a width or height of 0`,
      effect: 'those that count are missed, since nothing overlaps them',
      fix: '--faces-without-area ignored leaves them out, or correct the annotation',
    },
  ];
}
