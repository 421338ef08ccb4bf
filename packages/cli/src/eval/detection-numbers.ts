import { pairedDetectionDifference } from '@retinabench/results';
import type { MatrixNumbers } from '../detection/write-matrix.js';

/** Numbers of a detection record that a matrix compares, where the record has them. */
const compared = ['ap', 'ap50', 'f1', 'missRate'] as const;

const prefix = 'detection.';

/** AP, AP50, F1 and the log-average miss rate, each paired over the images, by the keys of their gate rules. */
export function detectionNumbers(): MatrixNumbers {
  const named = <Value>(values: Readonly<Record<string, Value>> = {}): Record<string, Value> =>
    Object.fromEntries(
      compared.filter((name) => values[name] !== undefined).map((name) => [`${prefix}${name}`, values[name]]),
    );
  return {
    valuesOf: ({ detection }) => ({
      values: named(detection?.values),
      ...(detection?.interval === undefined ? {} : { interval: named(detection.interval) }),
    }),
    // The detector is what a matrix varies, its settings with it; what is measured is the same for all, by the command's flags.
    differenceOf: (first, record, name) =>
      pairedDetectionDifference(first, { ...record, protocol: first.protocol }, name.slice(prefix.length)),
  };
}
