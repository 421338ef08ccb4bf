import type { AnnotatedFace, AnnotatedPhotograph } from './photographs.js';
import { placeLandmarks, placeRect } from './placement.js';
import type { Recipe } from './recipe.js';
import { area, intersect, type Rect } from './rect.js';

/** The splits of WIDER FACE, each part of the next. */
export type Split = 'easy' | 'medium' | 'hard';

/** A face of the ground truth, in the terms of WIDER FACE's annotation. */
export interface FaceTruth {
  /** x, y, width, height in image pixels, inside the image. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** Left eye, right eye, nose tip, mouth corners; absent if one of them is hidden. */
  readonly landmarks?: readonly (readonly [x: number, y: number])[];
  /** 0 clear, 1 normal, 2 heavy. */
  readonly blur: number;
  /** 0 typical, 1 exaggerated. */
  readonly expression: number;
  /** 0 normal, 1 extreme. */
  readonly illumination: number;
  /** 0 none, 1 partial (up to 30 % hidden), 2 heavy. */
  readonly occlusion: number;
  /** 0 typical, 1 atypical. */
  readonly pose: number;
  /** 1 if more than half is hidden: the face counts in no split. */
  readonly invalid: number;
  readonly splits: readonly Split[];
}

/** Less than this much of a face in view is no face. */
const leastVisible = 0.2;
/** More than this much hidden is heavy occlusion (arXiv:1511.06523, section 3.2). */
const heavyHidden = 0.3;
/** Ends of a profile's gain that still count as normal illumination. */
const normalGain = [0.45, 1.8] as const;
/** Blur as standard deviation over face height: up to here clear, and from there heavy. */
const clearBlur = 0.01;
const heavyBlur = 0.03;

/**
 * The ground truth of an image: every annotated face that its placements show, transformed exactly, clipped to what is
 * seen, and labelled by what was done to it.
 *
 * @param photographs what `placement.photograph` counts in.
 * @returns the faces in the order of placements and annotations; empty if the image shows none.
 */
export function faceTruths(recipe: Recipe, photographs: readonly AnnotatedPhotograph[]): FaceTruth[] {
  const canvas: Rect = { left: 0, top: 0, width: recipe.width, height: recipe.height };
  const truths: FaceTruth[] = [];
  for (const placement of recipe.placements) {
    const window = intersect(canvas, placeRect(placement, placement.crop));
    for (const face of photographs[placement.photograph].faces) {
      const [left, top, width, height] = face.box;
      const placed = placeRect(placement, { left, top, width, height });
      const seen = intersect(placed, window);
      if (area(seen) < leastVisible * area(placed)) continue;
      const points = face.landmarks && placeLandmarks(placement, face.landmarks);
      const shown = points?.every((point) => isShown(point, window, recipe)) ? points : undefined;
      const hidden = 1 - (area(seen) - coveredArea(seen, recipe)) / area(placed);
      truths.push(label(recipe, face, seen, hidden, placement.quarterTurns !== 0, shown));
    }
  }
  return truths;
}

function label(
  recipe: Recipe,
  face: AnnotatedFace,
  seen: Rect,
  hidden: number,
  turned: boolean,
  landmarks: FaceTruth['landmarks'],
): FaceTruth {
  const blurRatio = recipe.finish.blurSigma / Math.max(seen.width, seen.height);
  const { gain } = recipe.finish;
  const labels = {
    blur: Math.max(face.blur, blurRatio >= heavyBlur ? 2 : blurRatio > clearBlur ? 1 : 0),
    expression: face.expression,
    illumination: gain < normalGain[0] || gain > normalGain[1] ? 1 : face.illumination,
    occlusion: Math.max(face.occlusion, hidden > heavyHidden ? 2 : hidden > 0.01 ? 1 : 0),
    pose: turned ? 1 : face.pose,
    invalid: hidden > 0.5 ? 1 : 0,
  };
  return {
    box: [hundredth(seen.left), hundredth(seen.top), hundredth(seen.width), hundredth(seen.height)],
    ...(landmarks && { landmarks: landmarks.map(([x, y]) => [hundredth(x), hundredth(y)] as const) }),
    ...labels,
    splits: splitsOf(seen.height, labels),
  };
}

/**
 * The splits that a face counts in: by height as WIDER FACE's (at least 10, 30 and 50 pixels for hard, medium and easy),
 * and by difficulty: medium leaves out heavy blur and heavy occlusion, easy also atypical pose, partial occlusion and
 * extreme illumination.
 *
 * @param heightPx height of the visible box.
 * @returns a prefix of nothing, or the last one, two or three of easy, medium, hard.
 */
export function splitsOf(
  heightPx: number,
  labels: Pick<FaceTruth, 'blur' | 'illumination' | 'occlusion' | 'pose' | 'invalid'>,
): Split[] {
  if (labels.invalid === 1 || heightPx < 10) return [];
  if (heightPx < 30 || labels.blur === 2 || labels.occlusion === 2) return ['hard'];
  const plain = labels.pose === 0 && labels.occlusion === 0 && labels.illumination === 0;
  return heightPx < 50 || !plain ? ['medium', 'hard'] : ['easy', 'medium', 'hard'];
}

function coveredArea(rect: Rect, recipe: Recipe): number {
  return recipe.occluders.reduce((sum, occluder) => sum + area(intersect(rect, occluder.rect)), 0);
}

function isShown([x, y]: readonly [number, number], window: Rect, recipe: Recipe): boolean {
  const inside = (rect: Rect): boolean =>
    x >= rect.left && x < rect.left + rect.width && y >= rect.top && y < rect.top + rect.height;
  return inside(window) && !recipe.occluders.some((occluder) => inside(occluder.rect));
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
