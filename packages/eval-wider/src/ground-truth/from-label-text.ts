import { DatasetError } from '@retinabench/core';
import type { Split } from '@retinabench/results';
import { type AnnotatedFace, type AnnotatedImage, buildGroundTruth } from './build.js';
import type { WiderGroundTruth } from './ground-truth.js';

const allSplits: readonly Split[] = ['easy', 'medium', 'hard'];

/** WIDER FACE's labels are not in this form. */
const noLabels = { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 } as const;

/** Fields of a face line: the box; five landmarks of x, y and a flag; a confidence. */
const fieldCounts: readonly number[] = [4, 19, 20];

/** Whether a text is annotation in the form of RetinaFace's `label.txt`: its first line is `# <event>/<image>.jpg`. */
export function isLabelText(text: string): boolean {
  return /^\s*#/.test(text);
}

/**
 * Ground truth from `label.txt`, the annotation with landmarks that RetinaFace published: a line `# <event>/<image>.jpg`
 * per image, then a line per face, `x y w h` or `x y w h` and five landmarks of `x y flag`, with a confidence or without.
 *
 * Landmarks of -1 are none. The form has neither splits nor labels: every face counts in all three splits.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} with the line, if a name or a face is malformed.
 */
export function groundTruthFromLabelText(text: string, place: string): WiderGroundTruth {
  const images: { name: string; faces: AnnotatedFace[] }[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const content = line.trim();
    const where = `${place}:${index + 1}`;
    if (content === '') return;
    if (content.startsWith('#')) {
      images.push({ name: imageName(content, where), faces: [] });
      return;
    }
    const image = images.at(-1);
    if (image === undefined) throw new DatasetError(`${where}: expected "# <event>/<image>.jpg" before the first face`);
    image.faces.push(parseFace(content, where));
  });
  return buildGroundTruth(images satisfies AnnotatedImage[], place);
}

function imageName(line: string, where: string): string {
  const name = line.replace(/^#\s*(\.?\/)*/, '');
  if (!/^[^/]+\/[^/]+\.\w+$/.test(name)) {
    throw new DatasetError(
      `${where}: expected "# <event>/<image>.jpg", as in RetinaFace's label.txt, got ${JSON.stringify(line.slice(0, 60))}; correct the line`,
    );
  }
  return name.replace(/\.\w+$/, '');
}

function parseFace(line: string, where: string): AnnotatedFace {
  const numbers = line.split(/\s+/).map(Number);
  if (!fieldCounts.includes(numbers.length) || !numbers.every(Number.isFinite)) {
    throw new DatasetError(
      `${where}: expected "x y w h" and, as in RetinaFace's label.txt, five landmarks of x y flag, got ${numbers.length} fields: ${JSON.stringify(line.slice(0, 80))}; correct the line`,
    );
  }
  const points = Array.from({ length: 5 }, (_, point) => numbers.slice(4 + 3 * point, 6 + 3 * point));
  const hasLandmarks = numbers.length > 4 && points.every(([x, y]) => x !== -1 || y !== -1);
  return {
    box: numbers.slice(0, 4),
    labels: noLabels,
    splits: allSplits,
    ...(hasLandmarks ? { landmarks: points } : {}),
  };
}
