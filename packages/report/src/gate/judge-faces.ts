import { formatCount, type ResultRecord } from '@retinabench/results';
import type { JudgedDifference, RuleOptions } from './rule-family.js';

/** The faces that the timed detections found; older versions wrote them among the settings of the protocol. */
export function facesFound({ kind, metrics, protocol }: ResultRecord): number | undefined {
  if (kind !== 'latency') return undefined;
  const faces = metrics?.faces ?? protocol.faces;
  return typeof faces === 'number' ? faces : undefined;
}

/** `1 face`, `1,200 faces`. */
export function formatFaces(faces: number): string {
  return `${formatCount(faces)} ${faces === 1 ? 'face' : 'faces'}`;
}

/**
 * Judge the faces that base and head found on the picture that was timed. Times compare only what does the same work:
 * a head that finds none is fast because it does nothing, and fails whatever the options; one that loses more than
 * `maxDrop` of them fails; any other difference is told.
 */
export function judgeFaces(before: number, value: number, { maxDrop = 0 }: RuleOptions): JudgedDifference {
  const fewest = Math.max(Math.ceil(before * (1 - maxDrop)), Math.min(before, 1));
  const common = {
    check: 'maxDrop',
    expected: before === value ? formatFaces(before) : `at least ${formatFaces(fewest)} of ${formatFaces(before)}`,
    actual: formatFaces(value),
    values: { baseline: before, record: value, maxDrop },
  };
  const both = `${formatFaces(before)} in the base, ${formatFaces(value)} in the head`;
  if (value < fewest) {
    const what = value === 0 ? 'The head finds nothing' : 'The head finds far fewer faces';
    return {
      ...common,
      verdict: 'fail',
      message: `${what} (${both}), so that its times are those of less work; look at its detections before its speed.`,
    };
  }
  if (before === 0 && value === 0) {
    return {
      ...common,
      verdict: 'warn',
      message:
        'Neither finds a face (0 faces in both), so that the times leave out most of the work after the network; time a picture with faces.',
    };
  }
  if (before !== value) {
    return { ...common, verdict: 'warn', message: `Base and head do not find the same number of faces (${both}).` };
  }
  return { ...common, verdict: 'pass', message: `Base and head find as many faces (${formatFaces(before)}).` };
}
