import { isRetinaBenchError, ModelError } from '@retinabench/core';
import { familyInput, type InputSize, type Normalisation } from '@retinabench/models';
import { byCustom, type DraftTask, type EvidenceRow, tolerance } from './draft-task.js';
import type { FaceEvidence } from './face-evidence.js';
import { rawRuns } from './raw-runs.js';
import type { Reading } from './reading.js';

/** Share of the best fitness at which the family's own way to fit an image is taken all the same. */
const leastShare = 0.6;
/** The last photographs, those of small faces among them, on which size rules are compared. */
const comparedImages = 5;

/** The size rule of a draft, what was tried, and what was taken by custom. */
export interface ChosenSize {
  readonly chosen: InputSize;
  readonly evidence: FaceEvidence;
  readonly rows: readonly EvidenceRow[];
  readonly notes: readonly string[];
}

/**
 * Choose how an image is fitted into the input.
 *
 * @throws {ModelError} if the reading holds under no size rule.
 */
export async function trySizes(
  { session, base, sizes, images }: DraftTask,
  { draft, trial }: Reading,
  normalisation: Normalisation,
): Promise<ChosenSize> {
  const tried: { size: InputSize; evidence: FaceEvidence }[] = [];
  const compared = images.slice(-comparedImages);
  for (const size of sizes) {
    const evidence = await evidenceOf(size);
    if (evidence !== undefined) tried.push({ size, evidence });
  }
  if (tried.length === 0)
    throw new ModelError('the chosen reading does not hold on all photographs; write the card by hand');
  const usual = familyInput(draft.family);
  const best = tried.reduce((a, b) => (b.evidence.fitness > a.evidence.fitness ? b : a));
  const isUsual = ({ size }: { size: InputSize }): boolean => {
    if (size.rule === 'fixed') return size.fit === usual.fit && size.padValue === usual.padValue;
    return usual.free === (size.rule === 'any' ? 'any' : size.fit === 'stretch' ? 'stretch' : 'pad');
  };
  // How an image is fitted is a custom of the family rather than a fact of the network: another one has to find far more.
  const customary = tried.find((one) => isUsual(one) && one.evidence.fitness >= leastShare * best.evidence.fitness);
  const chosen = customary ?? best;
  const others = tried.filter((one) => one !== chosen && one.evidence.fitness >= chosen.evidence.fitness - tolerance);
  const named = others.map(({ size, evidence }) => `"${describeSize(size)}" (fitness ${evidence.fitness.toFixed(3)})`);
  const why = chosen === customary ? byCustom(draft.family) : 'under which most faces are found';
  return {
    chosen: chosen.size,
    evidence: chosen.evidence,
    rows: tried.map(({ size, evidence }) => ({
      choice: 'fitting',
      reading: describeSize(size),
      evidence,
      chosen: size === chosen.size,
    })),
    notes:
      named.length === 0
        ? []
        : [
            `The photographs do not decide how an image is fitted into the input: "${describeSize(chosen.size)}" is taken, ${why} (fitness ${chosen.evidence.fitness.toFixed(3)}); ${named.join(', ')} ${named.length === 1 ? 'finds' : 'find'} faces as well or better.`,
          ],
  };

  async function evidenceOf(size: InputSize): Promise<FaceEvidence | undefined> {
    try {
      return trial.evidence(await rawRuns(session, base, normalisation, size, compared));
    } catch (error) {
      // The network does not take the sides that this rule leads to.
      if (isRetinaBenchError(error)) return undefined;
      throw error;
    }
  }
}

/** A size rule in words. */
export function describeSize(size: InputSize): string {
  switch (size.rule) {
    case 'any':
      return 'any size, no padding';
    case 'multiple':
      return `multiple of ${size.of}, ${size.fit ?? 'pad'}`;
    case 'fixed':
      return `${size.fit} ${size.widthPx} x ${size.heightPx}${size.fit === 'stretch' ? '' : `, padding ${size.padValue}`}`;
  }
}
