import { type ByteSource, visitBlocks } from '@retinabench/annotations/visit';
import { DatasetError } from '@retinabench/core/basics';
import type { Split } from '@retinabench/results';
import type { AnnotatedFace } from './build.js';
import type { WiderGroundTruth } from './ground-truth.js';
import { GroundTruthBuilder } from './ground-truth-builder.js';

/** Columns of a face line. */
const columns = ['x', 'y', 'w', 'h', 'blur', 'expression', 'illumination', 'invalid', 'occlusion', 'pose'] as const;

const form = {
  rows: 'faces',
  nameForm: 'an image <event>/<image>.jpg',
  isName: (text: string) => /^[^/]+\/[^/]+\.\w+$/.test(text),
} as const;

/**
 * Ground truth from the text annotation (`wider_face_val_bbx_gt.txt`): per image its file name, the number of faces and
 * a line `x y w h blur expression illumination invalid occlusion pose` per face. An image without faces has the count 0
 * and, in the official files, one line of zeros.
 *
 * The text has no splits; every face without the label `invalid` is counted in all three, so that AP means the same as
 * an AP over all valid faces.
 *
 * @param text  of the file, or the file.
 * @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name, count or face is malformed.
 */
export function groundTruthFromText(text: string | ByteSource, place: string): WiderGroundTruth {
  const builder = new GroundTruthBuilder(place);
  visitBlocks(text, place, form, {
    image: (name) => builder.openImage(name.replace(/\.\w+$/, '')),
    row: (numbers, row, where) => builder.addFace(parseFace(numbers, row, where)),
  });
  return builder.build();
}

const allSplits: readonly Split[] = ['easy', 'medium', 'hard'];

function parseFace(numbers: readonly number[], row: string, where: string): AnnotatedFace {
  if (numbers.length !== columns.length || !numbers.every(Number.isFinite)) {
    throw new DatasetError(
      `${where}: expected "${columns.join(' ')}", got ${JSON.stringify(row.slice(0, 80))}; correct the line, or the count above it`,
    );
  }
  const [x, y, w, h, blur, expression, illumination, invalid, occlusion, pose] = numbers;
  return {
    box: [x, y, w, h],
    labels: { blur, expression, illumination, occlusion, pose, invalid },
    splits: invalid === 0 ? allSplits : [],
  };
}
