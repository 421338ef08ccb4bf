import { DatasetError } from '@retinabench/core';
import { falsePositives, type SourcedRecord, totalRun, type ViewFaces, type ViewRun } from '@retinabench/report';
import { formatCount, type ResultRecord, splits } from '@retinabench/results';
import type { BrowsedRun } from './browsed-run.js';

/** A number that the record has and the matching gives again. */
interface Check {
  readonly what: string;
  readonly recorded: number | undefined;
  readonly counted: number;
}

/**
 * Hold a matching against the numbers of its record: predictions of something else, or read otherwise, are not shown as its
 * own.
 *
 * @param predictions names them, for messages.
 * @param force       take them in spite of it; `never`: the command has no flag for that.
 * @returns what is doubtful, where `force` takes it.
 * @throws {DatasetError} if a number differs, or the record maps scores, and `force` is not given.
 */
export function heldAgainstRecord(
  { file, record }: SourcedRecord,
  faces: ViewFaces,
  { run, doubts: others = [] }: BrowsedRun,
  predictions: string,
  force: boolean | 'never',
): string[] {
  const checks = record.kind === 'wider' ? checksOfWider(record, faces, run) : checksOfDetection(record, faces, run);
  const doubts = checks
    .filter(({ counted, recorded }) => recorded !== undefined && recorded !== counted)
    .map(
      ({ what, counted, recorded = 0 }) =>
        `${what}: ${formatCount(recorded)} by the record, ${formatCount(counted)} here`,
    );
  const map = record.protocol.scoreMap;
  if (map !== undefined) doubts.push(`the record maps scores (${String(map)}), and these are as they were before`);
  doubts.push(...others);
  if (doubts.length === 0) return [];
  const said = doubts.join('; ');
  if (force !== true) {
    const orForce = force === 'never' ? '' : ', or --force shows these';
    throw new DatasetError(
      `${predictions}: expected the predictions that ${file} was made of, got others, or the same read otherwise (${said}); name its predictions with --pred and its annotations with --gt${orForce}`,
    );
  }
  return [`${file}: its numbers are not those of ${predictions}: ${said}`];
}

function checksOfWider({ counts, metrics }: ResultRecord, faces: ViewFaces, run: ViewRun): Check[] {
  const split = splits.indexOf('hard');
  const all = totalRun(faces, run, { score: Number.NEGATIVE_INFINITY, split });
  const atScore = metrics?.atScore;
  return [
    { what: 'faces that count in hard', recorded: counts?.hard.faces, counted: all.found + all.missed },
    { what: 'faces found in hard', recorded: counts?.hard.truePositives, counted: all.found },
    ...(atScore === undefined
      ? []
      : checksAtScore(faces, run, atScore, split, metrics?.['misses.hard'], metrics?.['falsePositives.hard'])),
  ];
}

function checksOfDetection({ detection }: ResultRecord, faces: ViewFaces, run: ViewRun): Check[] {
  const counted = detection?.faces.counted;
  const point = detection?.points?.atScore;
  const all = totalRun(faces, run, { score: Number.NEGATIVE_INFINITY, split: 0 });
  return [
    { what: 'faces that count', recorded: counted, counted: all.found + all.missed },
    { what: 'detections', recorded: detection?.detections, counted: run.scores.length },
    ...(point === undefined || counted === undefined
      ? []
      : checksAtScore(faces, run, point.score, 0, counted - point.truePositives, point.falsePositives)),
  ];
}

function checksAtScore(
  faces: ViewFaces,
  run: ViewRun,
  score: number,
  split: number,
  missed: number | undefined,
  wrong: number | undefined,
): Check[] {
  const total = totalRun(faces, run, { score, split });
  return [
    { what: `missed at score ${score}`, recorded: missed, counted: total.missed },
    { what: `false positives at score ${score}`, recorded: wrong, counted: falsePositives(total) },
  ];
}
