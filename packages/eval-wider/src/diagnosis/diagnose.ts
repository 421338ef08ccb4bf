import { diagnoseCorners, diagnoseOutside } from './boxes.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { diagnoseImages } from './images.js';
import { diagnoseReading } from './reading.js';
import { diagnoseResized } from './resized.js';
import { diagnoseOrder, diagnoseScores } from './scores.js';

const explainsBoxes: ReadonlySet<Diagnosis['code']> = new Set(['corner-boxes', 'negative-boxes', 'resized-boxes']);

/**
 * Find what is wrong with predictions before they are scored: each with its evidence, what it does to AP and what fixes
 * it. Nothing is changed.
 *
 * Checks that need sound numbers are left out where these do not exist; boxes are held to be corners before they are
 * held to be resized, and resized before they are held to lie outside.
 *
 * @returns errors first.
 * Cost: linear for sound predictions; where something is wrong, a scoring or two to measure its effect.
 */
export function diagnose(input: DiagnosisInput): Diagnosis[] {
  const found = [...diagnoseReading(input), ...diagnoseImages(input)];
  const isFatal = (): boolean => found.some(({ fatal }) => fatal);
  if (!isFatal()) found.push(...diagnoseScores(input));
  if (!isFatal() && !found.some(({ code, level }) => code === 'unknown-images' && level === 'error')) {
    found.push(...diagnoseOrder(input));
    const boxes = [diagnoseCorners, diagnoseResized, diagnoseOutside];
    // Boxes in the wrong format lie outside too: the first that is found explains the others.
    for (const check of boxes) if (!found.some(({ code }) => explainsBoxes.has(code))) found.push(...check(input));
  }
  return found.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}
