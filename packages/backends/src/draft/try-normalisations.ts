import { familyInput, type Normalisation, normalisations } from '@retinabench/models';
import { byCustom, type DraftTask, type EvidenceRow, tolerance } from './draft-task.js';
import type { FaceEvidence } from './face-evidence.js';
import { rawRuns } from './raw-runs.js';
import type { Reading, TriedReading } from './reading.js';

/** By how much another normalisation has to find more than the one that a family is published with. */
const customMargin = 0.05;
/** Normalisations that are tried on all photographs, beside the one that the family is published with. */
const mostNormalisations = 5;

/** A reading under a normalisation, on the first photographs. */
export interface RankedReading extends TriedReading {
  readonly normalisation: Normalisation;
}

/** The normalisation of a draft, what was tried, and what speaks against the choice. */
export interface ChosenNormalisation {
  readonly chosen: Normalisation;
  readonly rows: readonly EvidenceRow[];
  readonly doubts: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Choose colour order, mean and scale: those that the family is published with, unless others find clearly more faces.
 *
 * @param best   the normalisation under which the reading was found.
 * @param ranked readings under all normalisations, best first.
 */
export async function tryNormalisations(
  { session, base, sizes, images }: DraftTask,
  { draft, trial }: Reading,
  best: Normalisation,
  ranked: readonly RankedReading[],
): Promise<ChosenNormalisation> {
  const quick = ranked.filter(({ reading }) => reading.trial === trial);
  const top = quick[0]?.evidence?.fitness ?? 0;
  const usual = normalisations.find(({ title }) => title === familyInput(draft.family).normalisation);
  const close = quick
    .filter(({ evidence }) => (evidence?.fitness ?? 0) >= top - 0.1)
    .map(({ normalisation }) => normalisation)
    .slice(0, mostNormalisations);
  const custom = quick.find(({ normalisation }) => normalisation.group === usual?.group)?.normalisation;
  const tried: { normalisation: Normalisation; evidence: FaceEvidence | undefined }[] = [];
  for (const normalisation of new Set([best, ...close, ...(custom ? [custom] : [])])) {
    const runs = await rawRuns(session, base, normalisation, sizes[0], images);
    tried.push({ normalisation, evidence: trial.evidence(runs) });
  }
  tried.sort((a, b) => (b.evidence?.fitness ?? 0) - (a.evidence?.fitness ?? 0));
  const fitnessOf = (one: Normalisation): number =>
    tried.find(({ normalisation }) => normalisation === one)?.evidence?.fitness ?? 0;
  const most = fitnessOf(tried[0].normalisation);
  const margin = draft.family === 'decoded boxes' ? tolerance : customMargin;
  const isUsual = custom !== undefined && fitnessOf(custom) >= most - margin;
  const winner = isUsual ? custom : tried[0].normalisation;
  const chosen = isUsual && usual !== undefined ? usual : winner;
  const alike = normalisations.filter(({ group, title }) => group === chosen.group && title !== chosen.title);
  // Those of the chosen one's group feed the same but for a rounding: the note below names them.
  const others = tried.filter(
    ({ normalisation: one }) => one.group !== chosen.group && fitnessOf(one) >= fitnessOf(winner) - tolerance,
  );
  const inWords = (one: Normalisation): string =>
    `"${one === winner ? chosen.title : one.title}" (fitness ${fitnessOf(one).toFixed(3)})`;
  const why = isUsual ? byCustom(draft.family) : 'under which most faces are found';
  return {
    chosen,
    rows: tried.map(({ normalisation, evidence }) => ({
      choice: 'colours and scale',
      reading: normalisation === winner ? chosen.title : normalisation.title,
      evidence,
      chosen: normalisation === winner,
    })),
    doubts:
      others.length === 0
        ? []
        : [
            `Colours and scale are ambiguous: ${inWords(winner)} is taken, ${why}; ${others.map(({ normalisation }) => inWords(normalisation)).join(', ')} ${others.length === 1 ? 'finds' : 'find'} faces as well.`,
          ],
    notes:
      alike.length === 0
        ? []
        : [
            `"${chosen.title}" is taken, ${why}; photographs cannot tell it from "${alike.map(({ title }) => title).join('" or "')}".`,
          ],
  };
}
