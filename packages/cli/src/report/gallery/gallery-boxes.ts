import { decodeTypes, errorOfLetter } from '@retinabench/eval-detection';
import { faceLabels, labelNames, type MatchedRun, type WiderGroundTruth } from '@retinabench/eval-wider';
import type { GalleryBox } from '@retinabench/report';

/** Labels that are nothing special, and so are not told. */
const ordinary = new Set(['clear', 'none', 'typical', 'valid']);

/**
 * What became of every face and detection of one image at a score: found, missed, false, or ignored; boxes in pixels of
 * the image itself. A detection is judged as the evaluator does: by its best face, which another may have taken.
 *
 * @param image   index in the run's ground truth.
 * @param counted Uint8Array [faces]: 1 where the face counts in the split.
 * @param score   detections below it are left out.
 * @param types   what each detection is (`types` of an image of a record), by which false positives are told apart.
 */
export function galleryBoxes(
  run: MatchedRun,
  image: number,
  counted: Uint8Array,
  score: number,
  types?: string,
): GalleryBox[] {
  const { groundTruth, detections, matches } = run;
  const boxes: GalleryBox[] = [];
  const found = new Set<number>();
  const letters = typesInOrder(run, image, types);
  for (let d = detections.start[image]; d < detections.start[image + 1]; d++) {
    if (detections.scores[d] < score) continue;
    const face = matches.face[d];
    const ignored = face >= 0 && counted[face] === 0;
    const hit = face >= 0 && !ignored && !found.has(face);
    if (hit) found.add(face);
    const boxXywh = boxAt(detections.boxesXywh, d);
    const error = ignored || hit ? undefined : errorOfLetter[letters?.[d - detections.start[image]] ?? ''];
    boxes.push({
      kind: ignored ? 'ignored' : hit ? 'hit' : 'false positive',
      ...(error === undefined ? {} : { error }),
      boxXywh,
      score: detections.scores[d],
      heightPx: boxXywh[3],
    });
  }
  for (let face = groundTruth.start[image]; face < groundTruth.start[image + 1]; face++) {
    if (counted[face] === 0 || found.has(face)) continue;
    const boxXywh = boxAt(groundTruth.boxesXywh, face);
    boxes.push({ kind: 'miss', boxXywh, heightPx: boxXywh[3], attributes: attributesOf(groundTruth, face) });
  }
  return boxes;
}

/** The types of an image's detections in their order in the run; undefined where they are not those of these detections. */
function typesInOrder({ detections }: MatchedRun, image: number, types: string | undefined): string[] | undefined {
  if (types === undefined) return undefined;
  const letters = decodeTypes(types);
  const [from, to] = [detections.start[image], detections.start[image + 1]];
  for (let d = from + 1; d < to; d++) if (detections.scores[d] > detections.scores[d - 1]) return undefined;
  return letters.length === to - from ? letters : undefined;
}

function boxAt(boxes: Float64Array, index: number): GalleryBox['boxXywh'] {
  const [x, y, w, h] = boxes.subarray(4 * index, 4 * index + 4);
  return [x, y, w, h];
}

/** `heavy blur`, `partial occlusion` and so on, where a label says anything out of the ordinary. */
function attributesOf(groundTruth: WiderGroundTruth, face: number): string[] {
  return faceLabels.flatMap((label) => {
    const name = labelNames[label][groundTruth.labels[label][face]];
    if (name === undefined || ordinary.has(name) || (label === 'illumination' && name === 'normal')) return [];
    return [`${name} ${label}`];
  });
}
