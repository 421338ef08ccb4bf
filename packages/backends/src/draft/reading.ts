import type { ComposedDecoder, DecoderDraft } from '@retinabench/models';
import { tolerance } from './draft-task.js';
import type { FaceEvidence, ReadingTrial } from './face-evidence.js';

/** A reading of a network's outputs, activations settled, on trial. */
export interface Reading {
  readonly draft: DecoderDraft;
  readonly decoder: ComposedDecoder;
  readonly trial: ReadingTrial;
}

/** A reading with how well it finds faces; undefined where it does not fit all photographs. */
export interface TriedReading {
  readonly reading: Reading;
  readonly evidence: FaceEvidence | undefined;
}

/** The best; of equals the one that leaves less of the outputs unread. @param outputs best first, at least one. */
export function preferredReading(outputs: readonly TriedReading[]): TriedReading {
  const top = outputs[0].evidence?.fitness ?? 0;
  const equals = outputs.filter(({ evidence }) => (evidence?.fitness ?? 0) >= top - tolerance);
  return equals.reduce((best, one) => (valuesRead(one.reading) > valuesRead(best.reading) ? one : best));
}

/** How much of a candidate a reading reads. */
function valuesRead({ decoder: { scores, landmarks } }: Reading): number {
  return scores.factors.length + (landmarks === undefined ? 0 : landmarks.points);
}

/** Other readings that find faces as well as the chosen one, in a sentence. */
export function outputDoubts(outputs: readonly TriedReading[], chosen: Reading): string[] {
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
    `The outputs are ambiguous: "${describeChoices(chosen.draft)}" is taken; ${named.join(', ')} ${named.length === 1 ? 'finds' : 'find'} faces as well.`,
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
