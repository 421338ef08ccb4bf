import { isRetinaBenchError, ModelError } from '@retinabench/core';
import { decoderDrafts, type InputSize, type Normalisation, normalisations } from '@retinabench/models';
import type { CardDraft, DraftTask, EvidenceRow } from './draft-task.js';
import { type FaceEvidence, ReadingTrial } from './face-evidence.js';
import { probeNetwork } from './probe-network.js';
import { type RawRun, rawRuns } from './raw-runs.js';
import { describeChoices, outputDoubts, preferredReading, type Reading } from './reading.js';
import { settleActivations } from './settle-activations.js';
import { type RankedReading, tryNormalisations } from './try-normalisations.js';
import { trySizes } from './try-sizes.js';

/** Below it no reading has found the faces. */
const leastFitness = 0.08;
/** A reading that falls short of it on the first photograph, a large face, under every normalisation, is dropped. */
const leastPromise = 0.02;
/** Photographs on which all readings are tried under all normalisations; the best of them are tried on all. */
const quickImages = 2;
/** Readings of the outputs that are tried on all photographs. */
const finalists = 8;
/** Mean distance of points from the annotated ones, in sides of the face, above which they are no landmarks. */
const mostPointError = 0.2;

/**
 * Find the reading of a network under which annotated faces are found: every reading of the outputs that their shapes allow,
 * under every normalisation in public use, then the ways to fit an image into a fixed input.
 *
 * @throws {ModelError} if no reading fits the shapes, or none finds faces.
 * Cost: some 60 runs of the network.
 */
export async function draftCard(given: DraftTask): Promise<CardDraft> {
  const task = { ...given, sizes: await takenSizes(given) };
  const { session, base, images } = task;
  const known =
    base.type === 'uint8' ? normalisations.filter(({ title }) => title.endsWith('as it is')) : normalisations;
  const steps = known.length + 5;
  const ranked = await rankQuickly(task, known, steps);
  const [first] = ranked;
  task.onStep?.(known.length, steps);
  const contenders = [...new Set(ranked.map(({ reading }) => reading))].slice(0, finalists);
  const runs = await rawRuns(session, base, first.normalisation, task.sizes[0], images);
  const outputs = contenders
    .map((reading) => ({ reading, evidence: reading.trial.evidence(runs) }))
    .sort((a, b) => (b.evidence?.fitness ?? 0) - (a.evidence?.fitness ?? 0));
  const { reading } = preferredReading(outputs);
  task.onStep?.(known.length + 1, steps);
  const normalised = await tryNormalisations(task, reading, first.normalisation, ranked);
  task.onStep?.(known.length + 3, steps);
  const fitted = await trySizes(task, reading, normalised.chosen);
  const finalRuns = await rawRuns(session, base, normalised.chosen, fitted.chosen, images);
  const evidence = reading.trial.evidence(finalRuns) ?? fitted.evidence;
  return {
    base,
    family: reading.draft.family,
    normalisation: normalised.chosen,
    size: fitted.chosen,
    decoder: reading.decoder,
    landmarks: evidence.pointError !== undefined && evidence.pointError <= mostPointError,
    evidence,
    rows: [
      ...outputs.map(
        (one): EvidenceRow => ({
          choice: 'outputs',
          reading: describeChoices(one.reading.draft),
          evidence: one.evidence,
          chosen: one.reading === reading,
        }),
      ),
      ...normalised.rows,
      ...fitted.rows,
    ],
    doubts: [...outputDoubts(outputs, reading), ...normalised.doubts],
    notes: [...normalised.notes, ...fitted.notes],
  };
}

/**
 * Every promising reading under every normalisation on the first photographs, the best first.
 *
 * @throws {ModelError} as draftCard.
 */
async function rankQuickly(
  task: DraftTask,
  known: readonly Normalisation[],
  steps: number,
): Promise<readonly RankedReading[]> {
  const { session, base, sizes, images } = task;
  const byNormalisation = new Map<Normalisation, RawRun[]>();
  const quick = images.slice(0, quickImages);
  for (const [index, normalisation] of known.entries()) {
    task.onStep?.(index, steps);
    byNormalisation.set(normalisation, await rawRuns(session, base, normalisation, sizes[0], quick));
  }
  const allRuns = [...byNormalisation.values()];
  const readings = readingsOf(task, allRuns);
  const promising = readings.filter(({ trial }) =>
    allRuns.some(([run]) => (trial.evidence([run])?.fitness ?? 0) >= leastPromise),
  );
  const ranked = promising
    .flatMap((reading) =>
      known.map((normalisation) => ({
        reading,
        normalisation,
        evidence: reading.trial.evidence(byNormalisation.get(normalisation) ?? []),
      })),
    )
    .sort((a, b) => (b.evidence?.fitness ?? 0) - (a.evidence?.fitness ?? 0));
  const best = ranked[0]?.evidence;
  if ((best?.fitness ?? 0) < leastFitness) throw noReading(readings, best, allRuns[0][0]);
  return ranked;
}

/**
 * The first size rule that the network takes, then those that are no more of the same: a network that takes multiples of 32
 * takes those of 64.
 */
async function takenSizes({ session, base, sizes, images }: DraftTask): Promise<readonly InputSize[]> {
  let refusal: unknown;
  for (const [at, size] of sizes.entries()) {
    try {
      await rawRuns(session, base, normalisations[0], size, images.slice(0, 1));
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
      refusal ??= error;
      continue;
    }
    const isMore = (other: InputSize): boolean =>
      size.rule === 'multiple' && other.rule === 'multiple' && (other.fit ?? 'pad') === 'pad' && other.of > size.of;
    return sizes.slice(at).filter((other) => !isMore(other));
  }
  throw refusal;
}

/** Readings that fit the shapes, activations settled by the values of all runs. */
function readingsOf({ session, suppresses }: DraftTask, allRuns: readonly (readonly RawRun[])[]): Reading[] {
  const probe = probeNetwork(session, allRuns[0][0], suppresses);
  const firsts = allRuns.map(([run]) => run);
  const seen = new Set<string>();
  return decoderDrafts(probe).flatMap((draft) => {
    const key = JSON.stringify(draft.decoder);
    if (seen.has(key)) return [];
    seen.add(key);
    const decoder = settleActivations(draft.decoder, firsts);
    return decoder === undefined ? [] : [{ draft, decoder, trial: new ReadingTrial(decoder) }];
  });
}

/** Fewest and most numbers of a face's feature; an embedder gives one such vector and nothing else. */
const [fewestFeatures, mostFeatures] = [64, 4096];

function noReading(readings: readonly Reading[], best: FaceEvidence | undefined, { tensors }: RawRun): ModelError {
  const [output, ...others] = Object.values(tensors);
  const length = output?.data.length ?? 0;
  if (others.length === 0 && length >= fewestFeatures && length <= mostFeatures && output.dims.includes(length)) {
    return new ModelError(
      `the network gives one vector of ${length} numbers, as a face embedder does, and no boxes; write its card by hand: docs/add-a-model.md, "An embedder that you have"`,
    );
  }
  return new ModelError(
    readings.length === 0
      ? 'the outputs fit no reading that is known: no output has 4 values of a candidate, or 5 to 80 with a box among them; write the card by hand, docs/models.md lists the fields'
      : `${readings.length} readings of the outputs were tried, none finds the annotated faces (best fitness ${(best?.fitness ?? 0).toFixed(3)}); the network may need another input, anchors that are not known here, or be no face detector; write the card by hand, docs/models.md lists the fields`,
  );
}
