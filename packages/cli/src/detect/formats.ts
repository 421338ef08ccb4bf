import { csvRow, guardFormula } from '@retinabench/core';
import type { FaceMeshes } from '../dense/face-meshes.js';
import { meshJson } from '../dense/mesh-json.js';
import type { DetectedCell } from './detected-cell.js';
import { type Face, facesOf } from './face.js';

/** Ways of writing detections down. */
export type DetectionFormat = 'json' | 'coco' | 'csv';

const pointNames = ['left_eye', 'right_eye', 'nose', 'left_mouth', 'right_mouth'];

/**
 * JSON lines, in parts: one object for each image and detector, failed images with `error` for `faces`. Boxes are [x, y, w, h] in pixels,
 * landmarks five [x, y]; of a detector with more or other points these are `points`, named by `pointNames` where its card names them.
 * A face with a mesh has it in `dense`.
 */
export function* formatJsonLines(cells: readonly DetectedCell[], minScore: number): Generator<string> {
  for (const { model, backend, scale, pointNames: names, meshes, detected, failed } of cells) {
    for (const image of detected) {
      const line = {
        image: image.image,
        ...(image.frame === undefined ? {} : { frame: image.frame }),
        ...(image.timeS === undefined ? {} : { timeS: image.timeS }),
        widthPx: image.widthPx,
        heightPx: image.heightPx,
        model,
        backend,
        scale,
        ...(names && image.points && { pointNames: names }),
        faces: facesOf(image, minScore).map((face) => faceJson(face, meshes)),
        sha256: image.sha256,
      };
      yield `${JSON.stringify(line)}\n`;
    }
    for (const { image, kind, message } of failed) {
      yield `${JSON.stringify({ image, model, backend, scale, error: { kind, message } })}\n`;
    }
  }
}

function faceJson({ dense, ...face }: Face, meshes: FaceMeshes | undefined): object {
  const mesh = meshes?.of({ ...face, ...(dense && { dense }) });
  return dense === undefined || mesh === undefined ? face : { ...face, dense: meshJson(dense, mesh) };
}

/**
 * COCO results, in parts: a JSON array with `image_id`, `category_id` 1, `bbox` [x, y, w, h] and `score`, and the image's `file_name`,
 * which readers of COCO pass over. Five points become `keypoints` (x, y, 2 each).
 *
 * @param idOf the id of an image in the annotations that the results are for.
 */
export function* formatCoco(
  { detected }: Pick<DetectedCell, 'detected'>,
  minScore: number,
  idOf: (image: string) => number,
): Generator<string> {
  yield '[\n';
  let before = '';
  for (const image of detected) {
    const id = idOf(image.image);
    for (const { boxXywh, score, landmarks } of facesOf(image, minScore)) {
      const result = {
        image_id: id,
        category_id: 1,
        bbox: boxXywh,
        score,
        ...(landmarks === undefined ? {} : { keypoints: landmarks.flatMap(([x, y]) => [x, y, 2]) }),
        file_name: image.image,
      };
      yield `${before}${JSON.stringify(result)}`;
      before = ',\n';
    }
  }
  yield '\n]\n';
}

/**
 * CSV, in parts, with a line for each face: image, x, y, w, h, score, of a video the frame and its time in seconds, and ten columns of landmarks where a model gives them; before these
 * model, backend and scale where there are several detectors. A name that a spreadsheet would run as a formula is led by an apostrophe, which
 * reading takes off.
 */
export function* formatCsv(cells: readonly DetectedCell[], minScore: number): Generator<string> {
  const several = cells.length > 1;
  const points = cells.some(({ detected }) => detected.some(({ landmarks }) => landmarks !== undefined));
  const frames = cells.some(({ detected }) => detected.some(({ frame }) => frame !== undefined));
  const header = [
    ...(several ? ['model', 'backend', 'scale'] : []),
    ...['image', 'x', 'y', 'w', 'h', 'score'],
    ...(frames ? ['frame', 'time_s'] : []),
    ...(points ? pointNames.flatMap((name) => [`${name}_x`, `${name}_y`]) : []),
  ];
  yield csvRow(header);
  for (const { model, backend, scale, detected } of cells) {
    for (const image of detected) {
      for (const face of facesOf(image, minScore)) {
        const detector = several ? [model, backend, scale] : [];
        const cellsOfLine = [
          ...detector,
          image.image,
          ...face.boxXywh,
          face.score,
          ...(frames ? [image.frame ?? '', image.timeS ?? ''] : []),
          ...(points ? pointCells(face) : []),
        ];
        yield csvRow(cellsOfLine.map(guardFormula));
      }
    }
  }
}

function pointCells({ landmarks }: Face): (number | string)[] {
  return landmarks === undefined ? Array.from({ length: 10 }, () => '') : landmarks.flat();
}
