import { isRetinaBenchError, ModelError } from '@retinabench/core';
import {
  type ComposedDecoder,
  type DecoderDraft,
  decoderDrafts,
  type Family,
  familyInput,
  type InputSize,
  type Normalisation,
  normalisations,
} from '@retinabench/models';
import type { Session } from '../backend/backend.js';
import type { DraftImage } from './draft-image.js';
import { type FaceEvidence, ReadingTrial } from './face-evidence.js';
import { probeNetwork } from './probe-network.js';
import { type InputBase, type RawRun, rawRuns } from './raw-runs.js';
import { settleActivations } from './settle-activations.js';

/** One line of the evidence: a choice, and how well faces are found under it, all else as in the draft. */
export interface EvidenceRow {
  readonly choice: 'outputs' | 'colours and scale' | 'fitting';
  readonly reading: string;
  readonly evidence: FaceEvidence | undefined;
  readonly chosen: boolean;
}

/** A draft of a card's input and decoder, with what speaks for it. */
export interface CardDraft {
  readonly base: InputBase;
  readonly family: Family;
  readonly normalisation: Normalisation;
  readonly size: InputSize;
  readonly decoder: ComposedDecoder;
  /** Whether the decoder's points are those of faces. */
  readonly landmarks: boolean;
  readonly evidence: FaceEvidence;
  readonly rows: readonly EvidenceRow[];
  /** What the photographs do not decide and changes what is found, in sentences. */
  readonly doubts: readonly string[];
  /** What was taken by custom, in sentences. */
  readonly notes: readonly string[];
}

/** Readings whose fitness differs by less are not told apart by a handful of photographs. */
const tolerance = 0.02;
/** By how much another normalisation has to find more than the one that a family is published with. */
const customMargin = 0.05;
/** Share of the best fitness at which the family's own way to fit an image is taken all the same. */
const leastShare = 0.6;
/** Below it no reading has found the faces. */
const leastFitness = 0.08;
/** A reading that falls short of it on the first photograph, a large face, under every normalisation, is dropped. */
const leastPromise = 0.02;
/** Photographs on which all readings are tried under all normalisations; the best of them are tried on all. */
const quickImages = 2;
/** Readings of the outputs that are tried on all photographs; normalisations; photographs for these and for size rules. */
const finalists = 8;
const mostNormalisations = 5;
const comparedImages = 5;
/** Mean distance of points from the annotated ones, in sides of the face, above which they are no landmarks. */
const mostPointError = 0.15;

interface Reading {
  readonly draft: DecoderDraft;
  readonly decoder: ComposedDecoder;
  readonly trial: ReadingTrial;
}

/** What is fixed before readings are tried. */
export interface DraftTask {
  readonly session: Session;
  readonly base: InputBase;
  /** The size rules that the network may have, the most usual first; readings are tried under the first that the network takes. */
  readonly sizes: readonly InputSize[];
  readonly suppresses: boolean;
  readonly images: readonly DraftImage[];
  /** Called before each step, for progress. */
  onStep?(done: number, of: number): void;
}

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
  const byNormalisation = new Map<Normalisation, RawRun[]>();
  const quick = images.slice(0, quickImages);
  for (const [index, normalisation] of known.entries()) {
    task.onStep?.(index, steps);
    byNormalisation.set(normalisation, await rawRuns(session, base, normalisation, task.sizes[0], quick));
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
  const [first] = ranked;
  if ((first?.evidence?.fitness ?? 0) < leastFitness) throw noReading(readings, first?.evidence);
  task.onStep?.(known.length, steps);
  const contenders = [...new Set(ranked.map(({ reading }) => reading))].slice(0, finalists);
  const runs = await rawRuns(session, base, first.normalisation, task.sizes[0], images);
  const outputs = contenders
    .map((reading) => ({ reading, evidence: reading.trial.evidence(runs) }))
    .sort((a, b) => (b.evidence?.fitness ?? 0) - (a.evidence?.fitness ?? 0));
  const { reading } = preferred(outputs);
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

function noReading(readings: readonly Reading[], best: FaceEvidence | undefined): ModelError {
  return new ModelError(
    readings.length === 0
      ? 'the outputs fit no reading that is known: no output has 4 values of a candidate, or 5 to 80 with a box among them; write the card by hand, docs/models.md lists the fields'
      : `${readings.length} readings of the outputs were tried, none finds the annotated faces (best fitness ${(best?.fitness ?? 0).toFixed(3)}); the network may need another input, anchors that are not known here, or be no face detector; write the card by hand, docs/models.md lists the fields`,
  );
}

/** The best; of equals the one that leaves less of the outputs unread. */
function preferred(
  outputs: readonly { reading: Reading; evidence: FaceEvidence | undefined }[],
): (typeof outputs)[number] {
  const top = outputs[0].evidence?.fitness ?? 0;
  const equals = outputs.filter(({ evidence }) => (evidence?.fitness ?? 0) >= top - tolerance);
  return equals.reduce((best, one) => (valuesRead(one.reading) > valuesRead(best.reading) ? one : best));
}

/** How much of a candidate a reading reads. */
function valuesRead({ decoder: { scores, landmarks } }: Reading): number {
  return scores.factors.length + (landmarks === undefined ? 0 : landmarks.points);
}

async function tryNormalisations(
  { session, base, sizes, images }: DraftTask,
  { draft, trial }: Reading,
  best: Normalisation,
  ranked: readonly { reading: Reading; normalisation: Normalisation; evidence: FaceEvidence | undefined }[],
): Promise<{ chosen: Normalisation; rows: EvidenceRow[]; doubts: string[]; notes: string[] }> {
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
  const others = tried.filter(
    ({ normalisation: one }) => one !== winner && fitnessOf(one) >= fitnessOf(winner) - tolerance,
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
            `Colours and scale are ambiguous: ${inWords(winner)} is taken, ${why}; ${others.map(({ normalisation }) => inWords(normalisation)).join(', ')} finds faces as well.`,
          ],
    notes:
      alike.length === 0
        ? []
        : [
            `"${chosen.title}" is taken, ${why}; photographs cannot tell it from "${alike.map(({ title }) => title).join('" or "')}".`,
          ],
  };
}

/** Why something is taken that is no better than others. */
function byCustom(family: Family): string {
  return family === 'decoded boxes' ? 'as is usual' : `as ${family} is published`;
}

async function trySizes(
  { session, base, sizes, images }: DraftTask,
  { draft, trial }: Reading,
  normalisation: Normalisation,
): Promise<{ chosen: InputSize; evidence: FaceEvidence; rows: EvidenceRow[]; notes: string[] }> {
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
            `The photographs do not decide how an image is fitted into the input: "${describeSize(chosen.size)}" is taken, ${why} (fitness ${chosen.evidence.fitness.toFixed(3)}); ${named.join(', ')} finds faces as well or better.`,
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

function outputDoubts(
  outputs: readonly { reading: Reading; evidence: FaceEvidence | undefined }[],
  chosen: Reading,
): string[] {
  const own = outputs.find(({ reading }) => reading === chosen)?.evidence?.fitness ?? 0;
  const others = outputs.filter(
    ({ reading, evidence }) =>
      reading !== chosen &&
      (evidence?.fitness ?? 0) >= own - tolerance &&
      // What reads the same boxes and less besides is a part of the chosen reading, no other one.
      !(sameBoxes(reading, chosen) && valuesRead(reading) < valuesRead(chosen)),
  );
  if (others.length === 0) return [];
  const named = others.map(({ reading }) => `"${describeChoices(reading.draft)}"`);
  return [
    `The outputs are ambiguous: "${describeChoices(chosen.draft)}" is taken; ${named.join(', ')} finds faces as well.`,
  ];
}

function sameBoxes(a: Reading, b: Reading): boolean {
  return (
    JSON.stringify([a.decoder.boxes, a.decoder.geometry]) === JSON.stringify([b.decoder.boxes, b.decoder.geometry])
  );
}

/** A reading in words. */
export function describeChoices({ choices }: DecoderDraft): string {
  return Object.entries(choices)
    .map(([name, words]) => `${name}: ${words}`)
    .join('; ');
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
