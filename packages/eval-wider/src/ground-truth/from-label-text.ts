import { type ByteSource, isGiven, type LabelFace, visitLabelText } from '@retinabench/annotations/visit';
import { DatasetError } from '@retinabench/core/basics';
import type { Split } from '@retinabench/results';
import type { AnnotatedFace } from './build.js';
import type { WiderGroundTruth } from './ground-truth.js';
import { GroundTruthBuilder } from './ground-truth-builder.js';

const allSplits: readonly Split[] = ['easy', 'medium', 'hard'];

/** WIDER FACE's labels are not in this form. */
const noLabels = { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 } as const;

/** Whether a text, or its beginning, is annotation in the form of RetinaFace's `label.txt`: its first line is `# <event>/<image>.jpg`. */
export function isLabelText(text: string): boolean {
  return /^\s*#/.test(text);
}

/**
 * Ground truth from `label.txt`, the annotation with landmarks that RetinaFace published: a line `# <event>/<image>.jpg`
 * per image, then a line per face, `x y w h` or `x y w h` and five landmarks of `x y flag`, with a confidence or without.
 *
 * Landmarks of -1 are none. The form has neither splits nor labels: every face counts in all three splits.
 *
 * @param text  of the file, or the file.
 * @param place its name, for messages.
 * @throws {DatasetError} with the line, if a name or a face is malformed.
 */
export function groundTruthFromLabelText(text: string | ByteSource, place: string): WiderGroundTruth {
  const builder = new GroundTruthBuilder(place);
  visitLabelText(text, place, '<event>/<image>.jpg', {
    image: (name, where) => builder.openImage(imageName(name, where)),
    face: (face) => builder.addFace(annotatedFace(face)),
  });
  return builder.build();
}

function imageName(text: string, where: string): string {
  const name = text.replace(/^(\.?\/)*/, '');
  if (!/^[^/]+\/[^/]+\.\w+$/.test(name)) {
    throw new DatasetError(
      `${where}: expected "# <event>/<image>.jpg", as in RetinaFace's label.txt, got ${JSON.stringify(text.slice(0, 60))}; correct the line`,
    );
  }
  return name.replace(/\.\w+$/, '');
}

function annotatedFace({ box, points }: LabelFace): AnnotatedFace {
  return {
    box,
    labels: noLabels,
    splits: allSplits,
    ...(points.length > 0 && points.every(isGiven) ? { landmarks: points.map(([x, y]) => [x, y]) } : {}),
  };
}
