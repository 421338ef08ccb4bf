import { formatCount } from '@retinabench/results';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';

/** Counted faces without area that are let pass: official ground truth has one, with a width of -2. */
const fewestFaces = 2;

/** Whether faces without area count: no box can find them. */
export function diagnoseAreas({ groundTruth, origin }: DiagnosisInput): Diagnosis[] {
  const { images, start, boxesXywh: boxes, counted } = groundTruth;
  let without = 0;
  let first = '';
  images.forEach((name, image) => {
    for (let face = start[image]; face < start[image + 1]; face++) {
      const flat = !(boxes[4 * face + 2] > 0 && boxes[4 * face + 3] > 0);
      if (!flat || counted.hard[face] + counted.medium[face] + counted.easy[face] === 0) continue;
      if (without++ === 0) first = name;
    }
  });
  if (without < fewestFaces) return [];
  return [
    {
      code: 'faces-without-area',
      level: 'warning',
      evidence: `${formatCount(without)} faces that count have a width or height of 0 or less, first in ${first}`,
      effect: 'hardly any box can find them: they count as missed, as the public evaluators count them',
      fix: `${origin === 'detector' ? 'wider score ' : ''}--faces-without-area ignored leaves them out, or correct the annotation`,
    },
  ];
}
