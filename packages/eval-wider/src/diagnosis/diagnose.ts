import { diagnoseAreas } from './areas.js';
import { diagnoseBoxSize } from './box-size.js';
import { diagnoseNegative, diagnoseOutside } from './boxes.js';
import { diagnoseClipped } from './clipped.js';
import { diagnoseColumns } from './columns.js';
import { diagnoseCornersAsSizes } from './corners-as-sizes.js';
import { diagnoseCap, diagnoseFloor } from './cut-detections.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { diagnoseEmptyImages } from './empty-images.js';
import { gatherEvidence, isSuspicious, type MatchEvidence } from './evidence.js';
import { diagnoseExchangedShares } from './exchanged-shares.js';
import { diagnoseFindsNothing } from './finds-nothing.js';
import { diagnoseImages } from './images.js';
import { diagnoseInverted } from './inverted.js';
import { diagnoseMisread } from './misread.js';
import { diagnoseMixed } from './mixed.js';
import { diagnoseNearlyRight } from './nearly-right.js';
import { diagnoseOwnFrames } from './own-frames.js';
import { diagnosePartly } from './partly.js';
import { diagnoseReading } from './reading.js';
import { diagnoseDuplicates, diagnoseSuppression } from './repeated.js';
import { diagnoseResized } from './resized.js';
import { diagnoseConstantScores, diagnoseOrder, diagnoseScores } from './scores.js';
import { diagnoseShifted } from './shifted.js';

/**
 * Find what is wrong with predictions before they are scored: each with its evidence, what it does to AP and what fixes
 * it. Nothing is changed.
 *
 * Checks that need sound numbers are left out where these do not exist. What explains that next to nothing is found
 * (columns, the meaning of the boxes, files of other images) is looked for first, and what follows from it is not said.
 *
 * @returns errors first.
 * Cost: one matching, which scoring takes over, and a pass over the detections; up to two seconds more where too little is
 * found.
 */
export function diagnose(input: DiagnosisInput): Diagnosis[] {
  const found = [...diagnoseReading(input), ...diagnoseImages(input), ...diagnoseAreas(input)];
  const isFatal = found.some(({ fatal }) => fatal);
  const noneKnown = found.some(({ code, level }) => code === 'unknown-images' && level === 'error');
  if (!isFatal && !noneKnown) found.push(...diagnoseNumbers(input));
  return found.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'));
}

/** What is wrong with scores and boxes. */
function diagnoseNumbers(input: DiagnosisInput): Diagnosis[] {
  const constant = diagnoseConstantScores(input);
  const unsorted = diagnoseOrder(input);
  const evidence = gatherEvidence(input);
  const suspicious = isSuspicious(evidence);
  if (constant.length > 0 || unsorted.length > 0 || suspicious) {
    const columns = diagnoseColumns(input);
    if (columns.length > 0) return columns;
  }
  if (constant.length > 0) return constant;
  const found = [...diagnoseScores(input)];
  const inverted = diagnoseInverted(input, evidence);
  // Scores the wrong way round stand in the wrong order too, and look like logits.
  if (inverted.some(({ level }) => level === 'error')) return inverted;
  found.push(...inverted, ...unsorted, ...diagnoseNegative(input), ...diagnoseClipped(input));
  const explained = suspicious ? explainBoxes(input, evidence) : diagnoseParts(input, evidence);
  found.push(...explained);
  if (explained.some(({ level }) => level === 'error')) return found;
  const negative = found.some(({ code, level }) => code === 'negative-boxes' && level === 'error');
  const outside = negative ? [] : diagnoseOutside(input);
  const repeated = diagnoseDuplicates(input);
  const isSizeSaid = explained.some(({ code }) => code === 'box-size');
  const size = suspicious && !isSizeSaid ? diagnoseBoxSize(input, evidence) : [];
  found.push(...outside, ...size, ...repeated, ...(repeated.length > 0 ? [] : diagnoseSuppression(input, evidence)));
  found.push(
    ...diagnoseEmptyImages(input, evidence),
    ...diagnoseFloor(input, evidence),
    ...diagnoseCap(input, evidence),
  );
  if (found.some(({ level }) => level === 'error')) return found;
  return withNothingFound(found, diagnoseFindsNothing(input, evidence));
}

/** Boxes of another size are why nothing is found: then their fix is that of both. */
function withNothingFound(found: readonly Diagnosis[], nothing: readonly Diagnosis[]): Diagnosis[] {
  const size = found.find(({ code }) => code === 'box-size');
  if (size === undefined) return [...found, ...nothing];
  return [...nothing.map((own) => ({ ...own, fix: size.fix })), ...found];
}

/** Share of the images whose best detection is right from which on the faults of parts of a run are looked for. */
const fewestSound = 0.3;

/** Why next to nothing is found: the first explanation holds. */
function explainBoxes(input: DiagnosisInput, evidence: MatchEvidence): Diagnosis[] {
  const shifted = diagnoseShifted(input, evidence);
  if (shifted.length > 0) return shifted;
  const misread = diagnoseMisread(input, evidence);
  // A frame for each image fits numbers that have the side of the other axis in them, too.
  if (misread.length > 0 && misread[0].code !== 'misread-boxes') return misread;
  const exchanged = diagnoseExchangedShares(input);
  if (exchanged.length > 0) return exchanged;
  if (misread.length > 0) return misread;
  // Portraits are alike, and one's detections fit another's face: no reading convinces, and corners look like boxes of other sizes.
  const corners = diagnoseCornersAsSizes(input);
  if (corners.length > 0) return corners;
  const resized = diagnoseResized(input, evidence);
  if (resized.length > 0) return resized;
  if (evidence.topPrecision < fewestSound) return diagnoseOwnFrames(input);
  const nearly = diagnoseNearlyRight(input);
  if (nearly.length > 0) return nearly;
  const partly = diagnosePartly(input, evidence);
  return partly.length > 0 ? partly : diagnoseMixed(input, evidence);
}

/** Parts of a run that is sound as a whole, and what large faces forgive. */
function diagnoseParts(input: DiagnosisInput, evidence: MatchEvidence): Diagnosis[] {
  const corners = diagnoseCornersAsSizes(input);
  if (corners.length > 0) return corners;
  const nearly = diagnoseNearlyRight(input);
  if (nearly.length > 0) return nearly;
  const shifted = diagnoseShifted(input, evidence);
  if (shifted.length > 0) return shifted;
  const partly = diagnosePartly(input, evidence);
  return partly.length > 0 ? partly : diagnoseMixed(input, evidence);
}
