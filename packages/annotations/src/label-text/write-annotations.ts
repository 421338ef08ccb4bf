import type { Annotations, LandmarkColumn } from '../set/annotations.js';
import { attributeAt, facesWithPoints, inParts, lossesOf } from '../writing/contents.js';
import { requireLineNames } from '../writing/file-names.js';
import type { Loss, WrittenSet } from '../writing/written-files.js';
import { fivePoints } from './read-annotations.js';

/**
 * Annotations in the form of RetinaFace's `label.txt`, which holds boxes, five points and the attribute `quality`.
 *
 * @throws {DatasetError} if a line cannot hold the name of an image.
 */
export function writeLabelText(annotations: Annotations): WrittenSet {
  requireLineNames(annotations.images, 'label.txt');
  const { landmarks } = annotations;
  const holds = landmarks?.names.length === fivePoints.length;
  const quality = annotations.attributes.get('quality')?.kind === 'number';
  const losses: Loss[] = lossesOf(annotations, {
    landmarks: holds,
    attribute: (name) => name === 'quality' && quality,
  });
  if (holds && landmarks !== undefined) losses.push(...changedPoints(landmarks, annotations.boxesXywh.length / 4));
  return {
    kind: 'file',
    files: [{ name: '', parts: inParts(linesOf(annotations, holds ? landmarks : undefined, quality)) }],
    losses,
  };
}

function changedPoints({ names, points }: LandmarkColumn, faces: number): Loss[] {
  const losses: Loss[] = [];
  if (names.some((name, index) => name !== fivePoints[index])) {
    losses.push({ what: 'names of landmarks', count: names.length });
  }
  let count = 0;
  for (let at = 0; at < points.length; at += 2) if (points[at] === -1 && points[at + 1] === -1) count++;
  if (count > 0) losses.push({ what: 'landmarks at -1 -1, which means that there is none', count });
  return facesWithPoints({ names, points }, faces) === 0 ? [] : losses;
}

function* linesOf(
  annotations: Annotations,
  landmarks: LandmarkColumn | undefined,
  withQuality: boolean,
): Generator<string> {
  const { images, start, boxesXywh: boxes, attributes } = annotations;
  const quality = withQuality ? attributes.get('quality') : undefined;
  for (let image = 0; image < images.length; image++) {
    yield `# ${images[image]}\n`;
    for (let face = start[image]; face < start[image + 1]; face++) {
      const value = quality === undefined ? undefined : attributeAt(quality, face);
      const points = landmarks === undefined && value === undefined ? [] : pointsOf(landmarks, face);
      yield `${[...boxes.subarray(4 * face, 4 * face + 4), ...points, ...(value === undefined ? [] : [value])].join(' ')}\n`;
    }
  }
}

/** x, y and flag of five points: 0 visible, 1 hidden, -1 throughout where it is not given. */
function pointsOf(landmarks: LandmarkColumn | undefined, face: number): number[] {
  return fivePoints.flatMap((_, point) => {
    const at = fivePoints.length * face + point;
    if (landmarks === undefined || Number.isNaN(landmarks.points[2 * at])) return [-1, -1, -1];
    return [landmarks.points[2 * at], landmarks.points[2 * at + 1], landmarks.visibility?.[at] === 1 ? 1 : 0];
  });
}
