import { type Finding, type Split, splits } from '@retinabench/results';
import type { WiderGroundTruth } from '../ground-truth/ground-truth.js';
import type { SizeOf } from '../predictions/convert.js';
import type { WiderPredictions } from '../predictions/predictions.js';
import type { MatchedPredictions } from '../score/match-predictions.js';
import type { ScoringProtocol } from '../score/protocol.js';
import type { DiagnosisWords } from './diagnosis-words.js';

/** What can be wrong with predictions; docs/wider-protocol.md has the table. */
export type DiagnosisCode =
  | 'not-finite'
  | 'duplicate-images'
  | 'unknown-images'
  | 'missing-images'
  | 'constant-scores'
  | 'scores-outside-0-1'
  | 'unsorted'
  | 'scores-inverted'
  | 'scores-uninformative'
  | 'scores-squashed'
  | 'scores-low'
  | 'score-floor'
  | 'detections-capped'
  | 'columns'
  | 'corner-boxes'
  | 'corner-faces'
  | 'centre-boxes'
  | 'centre-faces'
  | 'exchanged-axes'
  | 'normalised-boxes'
  | 'stretched-boxes'
  | 'letterboxed-boxes'
  | 'mirrored-boxes'
  | 'offset-boxes'
  | 'resized-boxes'
  | 'misread-boxes'
  | 'mixed-boxes'
  | 'negative-boxes'
  | 'boxes-outside'
  | 'boxes-clipped'
  | 'box-size'
  | 'duplicate-lines'
  | 'not-suppressed'
  | 'shifted-images'
  | 'images-empty'
  | 'finds-nothing'
  | 'finds-little'
  | 'faces-without-area'
  | 'header-missing'
  | 'files-truncated'
  | 'event-folders-missing'
  | 'counts-disagree'
  | 'files-emptied'
  | 'lines-skipped'
  | 'names-disagree';

/** One thing that is wrong with predictions. */
export type Diagnosis = Finding<DiagnosisCode>;

/** What a check looks at. */
export interface DiagnosisInput {
  readonly groundTruth: WiderGroundTruth;
  readonly predictions: WiderPredictions;
  readonly protocol: ScoringProtocol;
  /** Whether scores must descend in a file even under rules that sort them. */
  readonly requireSorted: boolean;
  /** Width and height in pixels of an image, where known. */
  readonly sizeOf?: SizeOf;
  /** Whether `sizeOf` knows every image. */
  readonly allSizesKnown?: boolean;
  /** Whether the predictions were read from files, or come from a detector that ran just now. Default: files. */
  readonly origin?: 'files' | 'detector';
  /** Whether the metrics normalise scores to the range that they span, as the evaluators of WIDER FACE do. Default: true. */
  readonly normalised?: boolean;
  /** All fields of the lines of a prediction file, by its image; absent for predictions that were not read from files. */
  readonly fieldsOf?: (image: string) => readonly (readonly number[])[];
  /** What fixes call flags and files. Default: `widerWords`. */
  readonly words?: DiagnosisWords;
  /** The matching of these predictions, where it is there already. */
  readonly matched?: MatchedPredictions;
}

/** AP of the three splits as `0.907 / 0.882 / 0.738`. */
export function formatAps(aps: Readonly<Partial<Record<Split, number>>>): string {
  return splits.map((split) => aps[split]?.toFixed(3) ?? '-').join(' / ');
}
