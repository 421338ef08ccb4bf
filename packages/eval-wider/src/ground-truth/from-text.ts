import { DatasetError } from '@retinabench/core';
import type { Split } from '@retinabench/results';
import { type AnnotatedFace, type AnnotatedImage, buildGroundTruth } from './build.js';
import type { WiderGroundTruth } from './ground-truth.js';

/** Columns of a face line. */
const columns = ['x', 'y', 'w', 'h', 'blur', 'expression', 'illumination', 'invalid', 'occlusion', 'pose'] as const;

/**
 * Ground truth from the text annotation (`wider_face_val_bbx_gt.txt`): per image its file name, the number of faces and
 * a line `x y w h blur expression illumination invalid occlusion pose` per face. An image without faces has the count 0
 * and, in the official files, one line of zeros.
 *
 * The text has no splits; every face without the label `invalid` is counted in all three, so that AP means the same as
 * an AP over all valid faces.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} with the line, if a name, count or face is malformed.
 */
export function groundTruthFromText(text: string, place: string): WiderGroundTruth {
  const lines = text.split(/\r?\n/);
  const images: AnnotatedImage[] = [];
  let at = 0;
  while (at < lines.length) {
    const name = lines[at].trim();
    if (name === '') {
      at++;
      continue;
    }
    if (!/^[^/]+\/[^/]+\.\w+$/.test(name)) {
      throw new DatasetError(
        `${place}:${at + 1}: expected an image <event>/<image>.jpg, got ${JSON.stringify(name.slice(0, 60))}; the count of the image before may be wrong`,
      );
    }
    const countText = (lines[at + 1] ?? '').trim();
    const count = Number(countText);
    if (!/^\d+$/.test(countText) || at + 2 + count > lines.length) {
      throw new DatasetError(
        `${place}:${at + 2}: expected the number of faces of ${name}, at most the ${Math.max(lines.length - at - 2, 0)} lines left, got ${JSON.stringify(countText.slice(0, 60))}`,
      );
    }
    const faces = Array.from({ length: count }, (_, face) =>
      parseFace(lines[at + 2 + face], `${place}:${at + 3 + face}`),
    );
    images.push({ name: name.replace(/\.\w+$/, ''), faces });
    at += 2 + count;
    if (count === 0 && /^\s*0(\s+0)*\s*$/.test(lines[at] ?? '')) at++;
  }
  return buildGroundTruth(images, place);
}

const allSplits: readonly Split[] = ['easy', 'medium', 'hard'];

function parseFace(line: string, where: string): AnnotatedFace {
  const fields = line.trim().split(/\s+/);
  const numbers = fields.map(Number);
  if (fields.length !== columns.length || !numbers.every(Number.isFinite)) {
    throw new DatasetError(`${where}: expected "${columns.join(' ')}", got ${JSON.stringify(line.slice(0, 80))}`);
  }
  const [x, y, w, h, blur, expression, illumination, invalid, occlusion, pose] = numbers;
  return {
    box: [x, y, w, h],
    labels: { blur, expression, illumination, occlusion, pose, invalid },
    splits: invalid === 0 ? allSplits : [],
  };
}
