import { formatShare, quantile } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import type { MatchEvidence } from './evidence.js';

/** Detections of an image that are looked at. */
const mostDetections = 5;

/** How near the centre of a detection lies to that of its face, in sides of the face. */
const nearness = 0.15;

/** Images with such a pair that are needed, and their share. */
const fewestImages = 10;
const fewestShare = 0.3;

/** Ratio of the sides from which on IoU falls below a half, and how far ratios may lie apart to be one. */
const offRatio = 1.35;
const mostSpread = 1.8;

/** Whether boxes lie on the faces and have another size: the mark of wrong anchors or variances. */
export function diagnoseBoxSize(
  { groundTruth, origin }: DiagnosisInput,
  { detections, recall }: MatchEvidence,
): Diagnosis[] {
  const ratios: number[] = [];
  let images = 0;
  let looked = 0;
  for (let image = 0; image < groundTruth.images.length; image++) {
    const [from, to] = [groundTruth.start[image], groundTruth.start[image + 1]];
    const first = detections.start[image];
    const last = Math.min(detections.start[image + 1], first + mostDetections);
    if (from === to || first === last) continue;
    looked++;
    const before = ratios.length;
    for (let d = first; d < last; d++) {
      const ratio = ratioToNearest(groundTruth.boxesXywh, from, to, detections.boxesXywh.subarray(4 * d, 4 * d + 4));
      if (ratio !== undefined) ratios.push(ratio);
    }
    if (ratios.length > before) images++;
  }
  if (images < fewestImages || images < fewestShare * looked) return [];
  const median = quantile(ratios, 0.5);
  const spread = quantile(ratios, 0.8) / quantile(ratios, 0.2);
  if (Math.max(median, 1 / median) < offRatio || spread > mostSpread) return [];
  return [
    {
      code: 'box-size',
      level: 'warning',
      evidence: `in ${formatShare(images / looked)} of the images a detection lies in the middle of a face, with sides ${median.toFixed(2)} times those of the face (80 % between ${quantile(ratios, 0.1).toFixed(2)} and ${quantile(ratios, 0.9).toFixed(2)})`,
      effect: `an IoU of 0.5 is out of reach for most: the detections find ${formatShare(recall)} of the faces`,
      fix:
        origin === 'detector'
          ? 'check the sizes of the anchors and the variances on the card'
          : 'check the anchors and variances of the decoder, or whether boxes of heads are meant',
    },
  ];
}

/** Geometric mean of the ratios of the sides to those of the face in whose middle the box lies. */
function ratioToNearest(faces: Float64Array, from: number, to: number, box: Float64Array): number | undefined {
  const [x, y, w, h] = box;
  if (!(w > 0 && h > 0)) return undefined;
  for (let face = from; face < to; face++) {
    const [fx, fy, fw, fh] = faces.subarray(4 * face, 4 * face + 4);
    const off = Math.max(Math.abs(x + w / 2 - fx - fw / 2) / fw, Math.abs(y + h / 2 - fy - fh / 2) / fh);
    if (off < nearness) return Math.sqrt(((w / fw) * h) / fh);
  }
  return undefined;
}
