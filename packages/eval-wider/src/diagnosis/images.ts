import { formatCount, splits } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';

/** Whether every image has exactly one prediction, and every prediction an image. */
export function diagnoseImages({ groundTruth, predictions, protocol }: DiagnosisInput): Diagnosis[] {
  const annotated = new Set(groundTruth.images);
  const predicted = new Set(predictions.images);
  const unknown = [...predicted].filter((name) => !annotated.has(name));
  const missing = groundTruth.images.flatMap((name, image) => (predicted.has(name) ? [] : [image]));
  const found: Diagnosis[] = [];
  if (predicted.size < predictions.images.length) {
    const seen = new Set<string>();
    const repeated = predictions.images.filter((name) => seen.size === seen.add(name).size);
    found.push({
      code: 'duplicate-images',
      level: 'error',
      evidence: `${examples(repeated)} predicted more than once`,
      effect: 'which of the files holds depends on the order in which an evaluator reads them',
      fix: 'write one file per image, line 1 naming the image of that file',
    });
  }
  if (unknown.length > 0) {
    const all = unknown.length === predicted.size;
    found.push({
      code: 'unknown-images',
      level: all ? 'error' : 'warning',
      evidence: `${examples(unknown)} of ${formatCount(predicted.size)} predicted not in the ground truth`,
      effect: all ? 'every face would be missed: AP 0' : 'none: such predictions are left out',
      fix: 'name files <event>/<image>.txt as the images are named, or choose the right ground truth with --gt',
    });
  }
  if (missing.length > 0 && missing.length < groundTruth.images.length) {
    const faces = splits.map((split) => {
      const counted = groundTruth.counted[split];
      return missing.reduce((sum, image) => {
        const own = counted.subarray(groundTruth.start[image], groundTruth.start[image + 1]);
        return sum + own.reduce((faceSum, one) => faceSum + one, 0);
      }, 0);
    });
    found.push({
      code: 'missing-images',
      level: protocol.missingFile === 'error' ? 'error' : 'warning',
      evidence: `${examples(missing.map((image) => groundTruth.images[image]))} of ${formatCount(groundTruth.images.length)} annotated without a prediction file`,
      effect: `their ${faces.map(formatCount).join(' / ')} faces of easy / medium / hard would count as missed`,
      fix: '--images present evaluates the images predicted alone, --images FILE those listed; for an image without detections write a file with its name and the count 0; --rules matlab takes missing files as empty',
    });
  }
  return found;
}

/** `3 images (a, b, c)`, `12 images (a, b, c, ...)`. */
function examples(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return `${formatCount(names.length)} image${names.length === 1 ? '' : 's'} (${shown}${names.length > 3 ? ', ...' : ''})`;
}
