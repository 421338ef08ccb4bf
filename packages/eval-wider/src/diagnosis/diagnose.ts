import { diagnoseCorners, diagnoseOutside } from './boxes.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { diagnoseImages } from './images.js';
import { diagnoseReading } from './reading.js';
import { diagnoseResized } from './resized.js';
import { diagnoseOrder, diagnoseScores } from './scores.js';

/**
 * Find what is wrong with predictions before they are scored: each with its evidence, what it does to AP and what mends
 * it. Nothing is changed.
 *
 * Checks that need sound numbers are left out where these do not exist; boxes are held to be corners before they are
 * held to be resized.
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
    const corners = diagnoseCorners(input);
    found.push(...corners, ...(corners.length > 0 ? [] : diagnoseResized(input)), ...diagnoseOutside(input));
  }
  return found.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}
