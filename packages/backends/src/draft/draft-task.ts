import type { ComposedDecoder, Family, InputSize, Normalisation } from '@retinabench/models';
import type { Session } from '../backend/backend.js';
import type { DraftImage } from './draft-image.js';
import type { FaceEvidence } from './face-evidence.js';
import type { InputBase } from './raw-runs.js';

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
export const tolerance = 0.02;

/** Why something is taken that is no better than others. */
export function byCustom(family: Family): string {
  return family === 'decoded boxes' ? 'as is usual' : `as ${family} is published`;
}
