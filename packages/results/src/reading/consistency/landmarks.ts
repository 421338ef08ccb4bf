import { cumulativeErrors } from '../../landmarks/cumulative-errors.js';
import { summariseErrors } from '../../landmarks/summarise-errors.js';
import type { LandmarkResult, LandmarkSummary } from '../../record/landmark-result.js';
import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

/**
 * Contradictions within a landmark record: its numbers follow from the errors of the faces of its images, its means of bins
 * from the bins, and its intervals hold them.
 */
export function findLandmarkContradictions({ kind, landmarks }: ResultRecord): Contradiction[] {
  if (landmarks === undefined) {
    return requireThat(kind !== 'landmarks', 'landmarks', 'errors of landmarks, for the record is of them', 'nothing');
  }
  const shape = checkImages(landmarks);
  if (shape.length > 0) return shape;
  const errors = Float64Array.from(
    landmarks.images.flatMap((image) => image.errors),
    (error) => (error === -1 ? Infinity : error),
  );
  const matched = errors.filter((error) => Number.isFinite(error));
  const { matchedOnly, missesAsFailures, nmeWithMissesAsOne } = landmarks;
  const withOnes = errors.reduce((sum, error) => sum + (error === Infinity ? 1 : error), 0);
  return [
    ...checkSummary('landmarks.missesAsFailures', errors, missesAsFailures),
    ...(matched.length === 0 || matchedOnly === undefined
      ? requireThat(
          (matched.length === 0) === (matchedOnly === undefined),
          'landmarks.matchedOnly',
          `numbers of ${matched.length} matched faces`,
          matchedOnly?.faces ?? 'nothing',
        )
      : checkSummary('landmarks.matchedOnly', matched, matchedOnly)),
    ...requireEqual('landmarks.nmeWithMissesAsOne', withOnes / errors.length, nmeWithMissesAsOne, from),
    ...checkCurve(landmarks, errors),
    ...checkBins(landmarks),
    ...checkIntervals(landmarks),
  ];
}

const from = 'from the errors of its images';

function checkImages({ images }: LandmarkResult): Contradiction[] {
  const path = 'landmarks.images';
  const bad = images.find(({ errors }) => errors.some((error) => error < 0 && error !== -1));
  if (bad !== undefined) return [{ path, expected: 'errors of at least 0, or -1', actual: `another of ${bad.name}` }];
  const names = new Set(images.map(({ name }) => name));
  return [
    ...requireThat(names.size === images.length, path, 'every image once', 'one twice'),
    ...requireThat(
      images.some(({ errors }) => errors.length > 0),
      path,
      'an image with an evaluated face',
      'none',
    ),
  ];
}

function checkSummary(path: string, errors: Float64Array, summary: LandmarkSummary): Contradiction[] {
  const thresholds = Object.keys(summary.failureRate);
  const bad = thresholds.find((threshold) => !(Number(threshold) > 0) || String(Number(threshold)) !== threshold);
  if (bad !== undefined) return [{ path: `${path}.failureRate`, expected: 'thresholds above 0', actual: bad }];
  const expected = summariseErrors(errors, thresholds.map(Number));
  const equal = (name: string, value: number | undefined, actual: number | undefined): Contradiction[] =>
    value === undefined || actual === undefined
      ? requireThat(value === actual, `${path}.${name}`, String(value ?? 'nothing'), String(actual ?? 'nothing'))
      : requireEqual(`${path}.${name}`, value, actual, from);
  return [
    ...(['faces', 'missed', 'nme', 'median', 'deviation'] as const).flatMap((name) =>
      equal(name, expected[name], summary[name]),
    ),
    ...(['failureRate', 'auc'] as const).flatMap((name) =>
      thresholds.flatMap((t) => equal(`${name}.${t}`, expected[name][t], summary[name][t])),
    ),
  ];
}

function checkCurve({ ced }: LandmarkResult, errors: Float64Array): Contradiction[] {
  const path = 'landmarks.ced';
  const { error, share } = ced;
  if (error.length < 2 || error.length !== share.length) {
    return [{ path, expected: 'as many shares as errors, at least 2', actual: `${error.length} and ${share.length}` }];
  }
  const expected = cumulativeErrors(errors, error[error.length - 1], error.length - 1);
  return error.flatMap((bound, at) => [
    ...requireEqual(`${path}.error[${at}]`, expected.error[at], bound, 'evenly spaced'),
    ...requireEqual(`${path}.share[${at}]`, expected.share[at], share[at], from),
  ]);
}

function checkBins({ bins = {}, meanOfBins = {}, missesAsFailures }: LandmarkResult): Contradiction[] {
  return [
    ...Object.entries(bins).flatMap(([column, byBin]) => {
      const path = `landmarks.bins.${column}`;
      const faces = Object.values(byBin).reduce((sum, bin) => sum + bin.faces, 0);
      const nmes = Object.values(byBin).flatMap(({ nme }) => (nme === undefined ? [] : [nme]));
      const mean = meanOfBins[column];
      return [
        ...requireThat(faces <= missesAsFailures.faces, path, `at most ${missesAsFailures.faces} faces`, faces),
        ...(mean === undefined || nmes.length === 0
          ? []
          : requireEqual(
              `landmarks.meanOfBins.${column}`,
              nmes.reduce((sum, nme) => sum + nme, 0) / nmes.length,
              mean,
              'the mean of its bins',
            )),
      ];
    }),
    ...Object.keys(meanOfBins).flatMap((column) =>
      requireThat(bins[column] !== undefined, `landmarks.meanOfBins.${column}`, 'bins of the column', 'none'),
    ),
  ];
}

function checkIntervals({ interval = {}, matchedOnly, missesAsFailures }: LandmarkResult): Contradiction[] {
  const values: Record<string, number | undefined> = {
    nme: matchedOnly?.nme,
    missed: missesAsFailures.missed / missesAsFailures.faces,
  };
  for (const name of ['failureRate', 'auc'] as const) {
    for (const [threshold, value] of Object.entries(missesAsFailures[name])) values[`${name}.${threshold}`] = value;
  }
  return Object.entries(interval).flatMap(([name, bounds]) =>
    checkInterval(`landmarks.interval.${name}`, bounds, values[name], name === 'nme' ? [0, Infinity] : [0, 1]),
  );
}
