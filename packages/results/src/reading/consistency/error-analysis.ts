import type { OperatingTable, TideAnalysis, TideCounts } from '../../record/error-analysis.js';
import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkInterval, requireEqual, requireThat } from './contradiction.js';

/**
 * Contradictions within what a record says of errors, calibration and operating points.
 *
 * Cost: O(size of these parts and of the types of its detections).
 */
export function findErrorContradictions(record: ResultRecord): Contradiction[] {
  return [
    ...(record.tide === undefined ? [] : checkTide(record, record.tide)),
    ...checkCalibration(record),
    ...(record.operating === undefined ? [] : checkOperating(record.operating)),
  ];
}

function checkTide(record: ResultRecord, tide: TideAnalysis): Contradiction[] {
  const { counts, lost, faces, ap, interval } = tide;
  const types = counts.localisation + counts.both + counts.duplicate + counts.background;
  // By tidecv's rule ignored detections are errors, too.
  const errors = tide.rule === 'tidecv' ? types - counts.ignored : types;
  const [name, cocoAp] =
    tide.counted === 'hard'
      ? ['coco.ap50.hard', record.metrics?.['coco.ap50.hard']]
      : ['uncapped.ap50', record.detection?.values['uncapped.ap50']];
  return [
    ...requireEqual('tide.counts.falsePositives', errors, counts.falsePositives, 'the sum of its types'),
    ...requireEqual('tide.counts.falseNegatives', faces - counts.hits, counts.falseNegatives, 'faces less hits'),
    ...requireThat(
      counts.missed <= counts.falseNegatives,
      'tide.counts.missed',
      `at most ${counts.falseNegatives}, the faces that are not found`,
      counts.missed,
    ),
    ...Object.entries(lost).flatMap(([type, loss]) => [
      ...requireThat(loss <= 1 - ap + 1e-9, `tide.lost.${type}`, `at most ${1 - ap}, 1 less AP`, loss),
      ...checkInterval(`tide.interval.lost.${type}`, interval?.lost[type as keyof typeof lost], loss),
    ]),
    ...checkInterval('tide.interval.ap', interval?.ap, ap),
    ...(cocoAp === undefined || tide.foreground !== 0.5 || tide.maxDetections !== undefined
      ? []
      : requireEqual('tide.ap', cocoAp, ap, name)),
    ...checkGroups(tide),
    ...checkTypes(record, tide),
  ];
}

function checkGroups({ groups = {}, counts, faces }: TideAnalysis): Contradiction[] {
  return Object.entries(groups).flatMap(([by, bins]) => {
    const values = Object.values(bins);
    const sum = (of: (counts: TideCounts) => number): number =>
      values.reduce((total, bin) => total + of(bin.counts), 0);
    const path = `tide.groups.${by}`;
    const own = values.reduce((total, bin) => total + bin.faces, 0);
    return [
      ...requireThat(own <= faces, path, `at most ${faces} faces in all`, own),
      ...(Object.keys(counts) as (keyof TideCounts)[]).flatMap((type) =>
        requireThat(
          sum((of) => of[type]) <= counts[type],
          `${path}.counts.${type}`,
          `at most ${counts[type]} in all`,
          sum((of) => of[type]),
        ),
      ),
    ];
  });
}

const letters: Readonly<Record<string, keyof TideCounts>> = {
  H: 'hits',
  L: 'localisation',
  D: 'duplicate',
  B: 'background',
  O: 'both',
  I: 'ignored',
};

/** The types of the detections of all images add up to the counts. */
function checkTypes({ images = [], detection }: ResultRecord, { counts, rule }: TideAnalysis): Contradiction[] {
  const typed = detection?.images?.types ?? images.flatMap(({ types }) => (types === undefined ? [] : [types]));
  if (typed.length === 0) return [];
  const all = detection?.images?.names.length ?? images.length;
  const found = requireThat(
    typed.length === all,
    'types',
    `types of the detections of all ${all} images`,
    typed.length,
  );
  const sums: Record<string, number> = {};
  for (const types of typed) {
    for (const [, number, letter] of types.matchAll(/(\d*)([A-Z])/g)) {
      sums[letter] = (sums[letter] ?? 0) + (number === '' ? 1 : Number(number));
    }
  }
  return [
    ...found,
    ...Object.entries(letters).flatMap(([letter, type]) =>
      type === 'ignored' && rule === 'tidecv'
        ? []
        : requireEqual(`tide.counts.${type}`, sums[letter] ?? 0, counts[type], 'the types of the detections'),
    ),
  ];
}

function checkCalibration({ calibration }: ResultRecord): Contradiction[] {
  if (calibration === undefined) return [];
  const { bins, detections, ece, mce, brier, interval } = calibration;
  let [count, gaps, largest, hits, scores] = [0, 0, 0, 0, 0];
  for (const [index, bin] of bins.entries()) {
    count += bin.count;
    if (bin.count === 0) continue;
    if (bin.meanScore === undefined || bin.precision === undefined) {
      return [{ path: `calibration.bins.${index}`, expected: 'a mean score and a precision', actual: 'none' }];
    }
    const gap = Math.abs(bin.meanScore - bin.precision);
    gaps += bin.count * gap;
    largest = Math.max(largest, gap);
    hits += bin.count * bin.precision;
    scores += bin.count * bin.meanScore;
  }
  const sum = requireEqual('calibration.detections', count, detections, 'the sum of its bins');
  if (sum.length > 0 || detections === 0) return sum;
  return [
    ...requireEqual('calibration.ece', gaps / detections, ece, 'from its bins'),
    ...requireEqual('calibration.mce', largest, mce, 'from its bins'),
    ...requireEqual('calibration.precision', hits / detections, calibration.precision, 'from its bins'),
    ...requireEqual('calibration.meanScore', scores / detections, calibration.meanScore, 'from its bins'),
    ...checkInterval('calibration.interval.ece', interval?.ece, ece),
    ...checkInterval('calibration.interval.mce', interval?.mce, mce),
    ...checkInterval('calibration.interval.brier', interval?.brier, brier, [0, Number.MAX_VALUE]),
  ];
}

function checkOperating({ points, faces, images }: OperatingTable): Contradiction[] {
  return points.flatMap((point, index) => {
    const { truePositives, falsePositives, interval } = point;
    const path = `operating.points.${index}`;
    const detections = truePositives + falsePositives;
    const expected = {
      precision: detections === 0 ? undefined : truePositives / detections,
      recall: faces === 0 ? undefined : truePositives / faces,
      f1: faces + detections === 0 ? undefined : (2 * truePositives) / (faces + detections),
      fppi: images === 0 ? undefined : falsePositives / images,
    };
    return [
      ...requireThat(truePositives <= faces, `${path}.truePositives`, `at most ${faces}, its faces`, truePositives),
      ...(Object.keys(expected) as (keyof typeof expected)[]).flatMap((rate) => {
        const [value, stated] = [expected[rate], point[rate]];
        const within = rate === 'fppi' ? ([0, Number.MAX_VALUE] as const) : ([0, 1] as const);
        if (value === undefined || stated === undefined) {
          return requireThat(
            value === stated,
            `${path}.${rate}`,
            `${value ?? 'none'}, from its counts`,
            stated ?? 'none',
          );
        }
        return [
          ...requireEqual(`${path}.${rate}`, value, stated, 'from its counts'),
          ...checkInterval(`${path}.interval.${rate}`, interval?.[rate], stated, within),
        ];
      }),
    ];
  });
}
