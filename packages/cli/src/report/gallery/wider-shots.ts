import {
  defaultAtScore,
  eventOf,
  ignoreArealessFaces,
  loadGroundTruth,
  type MatchedRun,
  matchRun,
  type RuleSet,
  readPredictions,
  restrictGroundTruth,
  ruleSets,
  scoringProtocol,
} from '@retinabench/eval-wider';
import type { ImageResult, ResultRecord, Split } from '@retinabench/results';
import type { GalleryShot } from './build-gallery.js';
import { galleryBoxes } from './gallery-boxes.js';
import { heldAgainstImages } from './held-against-images.js';

/** Images of a WIDER record that are to be shown. */
export interface WiderShotsSource {
  readonly record: ResultRecord;
  /** Names the record, for messages. */
  readonly place: string;
  /** Folder of its predictions. */
  readonly predictions: string;
  readonly groundTruth: string;
  readonly split: Split;
  /** Images to show, worst first: the same of every record, so that they can be compared. */
  readonly names: readonly string[];
  /** Files of the images on disk, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** Of scores: which face a detection goes to does not depend on it, and the images shown may hold one detection or none. */
const anyRange = { min: 0, max: 1 };

/**
 * Images of a WIDER record with their boxes at the record's operating score.
 *
 * @throws {DatasetError} if predictions or ground truth cannot be read, or the predictions are not those of the record.
 */
export function widerShots(source: WiderShotsSource): GalleryShot[] {
  const { record, names, files, split, place, predictions } = source;
  const own = new Map((record.images ?? []).map((image) => [image.name, image]));
  const chosen = names.flatMap((name) => own.get(name) ?? []);
  const run = matchChosen(source, chosen);
  heldAgainstImages(chosen, run, place, predictions);
  const score = record.metrics?.atScore ?? defaultAtScore;
  return chosen.map(({ name, apLost, types }) => ({
    name,
    event: eventOf(name),
    split,
    number: `AP ${split}`,
    apLost: apLost?.[split] ?? 0,
    file: files.get(name) ?? '',
    boxes: galleryBoxes(run, run.groundTruth.images.indexOf(name), run.groundTruth.counted[split], score, types),
  }));
}

function matchChosen(
  { record, predictions, groundTruth }: WiderShotsSource,
  chosen: readonly ImageResult[],
): MatchedRun {
  const rules = ruleSets.find((name) => name === record.protocol.rules) ?? ('python' satisfies RuleSet);
  const protocol = scoringProtocol(rules, record.protocol.order === 'score' ? 'any' : 'strict');
  const all = loadGroundTruth(groundTruth);
  const faces = record.protocol.facesWithoutArea === 'ignored' ? ignoreArealessFaces(all) : all;
  const truth = restrictGroundTruth(faces, new Set(chosen.map(({ name }) => name)));
  return matchRun(truth, readPredictions(predictions, protocol), protocol, anyRange);
}
