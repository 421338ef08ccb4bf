import { formatCount } from '@retinabench/results';
import type { ReadingFinding, ReadingFindingCode } from '../predictions/finding.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';

type Meaning = (finding: ReadingFinding, input: DiagnosisInput) => Omit<Diagnosis, 'evidence'>;

const meanings: Readonly<Record<ReadingFindingCode, Meaning>> = {
  'not-finite': () => ({
    code: 'not-finite',
    level: 'error',
    fatal: true,
    effect: 'AP does not exist: min and max of the scores, or the IoU, are not numbers',
    fix: 'write finite numbers; a NaN usually comes from a division by zero before the sigmoid or softmax',
  }),
  count: (_, { protocol }) => ({
    code: 'counts-disagree',
    level: protocol.countLine === 'ignored' ? 'warning' : 'error',
    effect:
      protocol.countLine === 'ignored'
        ? 'none under these rules, which ignore the count; the MATLAB tool would cut such a file or take it as empty'
        : 'the lines beyond the count are not evaluated',
    fix:
      protocol.countLine === 'ignored' ? 'write the number of detections on line 2' : '--rules python reads every line',
  }),
  emptied: () => ({
    code: 'files-emptied',
    level: 'error',
    effect: 'these images count as without detections, so all their faces as missed',
    fix: '--rules python reads every line, or write the number of detections on line 2 and as many lines',
  }),
  'skipped-line': () => ({
    code: 'lines-skipped',
    level: 'warning',
    effect: 'these lines are not evaluated, as in the public Python evaluator',
    fix: 'start lines with the number, without a space before it',
  }),
  'no-header': () => ({
    code: 'header-missing',
    level: 'error',
    effect: 'evaluators take the first two detections for name and count, and find no such image',
    fix: '--header none, or write the name of the image and the count before the detections',
  }),
  'no-count': () => ({
    code: 'header-missing',
    level: 'error',
    effect: 'evaluators take the first detection, the best, for the count',
    fix: '--header name, or write the count below the name',
  }),
  'no-name': () => ({
    code: 'header-missing',
    level: 'error',
    effect: 'evaluators take the count for the name and the first detection, the best, for the count',
    fix: '--header count, or write the name of the image before the count',
  }),
  truncated: () => ({
    code: 'files-truncated',
    level: 'error',
    effect: 'the detections that are cut off are missing, and the last one may have lost digits',
    fix: 'write the predictions again',
  }),
  flat: () => ({
    code: 'event-folders-missing',
    level: 'warning',
    effect: 'none here: the names of the images tell their events; other evaluators read nothing',
    fix: 'put each file into the folder of its event',
  }),
  name: (_, { protocol }) => ({
    code: 'names-disagree',
    level: 'warning',
    effect:
      protocol.countLine === 'ignored'
        ? 'the detections go to the image that line 1 names'
        : 'none under these rules, which take the image from the file name',
    fix: 'write the image of the file on line 1',
  }),
};

/** What the reader met, and numbers that are not finite in predictions that were not read from files. */
export function diagnoseReading(input: DiagnosisInput): Diagnosis[] {
  const { predictions } = input;
  const findings = [...(predictions.findings ?? [])];
  if (!findings.some(({ code }) => code === 'not-finite')) {
    const { start, scores, boxesXywh } = predictions;
    const at = predictions.images.findIndex(
      (_, image) =>
        !areFinite(scores, start[image], start[image + 1]) ||
        !areFinite(boxesXywh, 4 * start[image], 4 * start[image + 1]),
    );
    if (at >= 0) findings.push({ code: 'not-finite', files: 1, first: `${predictions.images[at]}: not finite` });
  }
  return findings.map((finding) => ({
    ...meanings[finding.code](finding, input),
    evidence: `${finding.first} (${formatCount(finding.files)} file${finding.files === 1 ? '' : 's'} in all)`,
  }));
}

/** Whether values[from, to) are finite numbers. */
function areFinite(values: Float64Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) if (!Number.isFinite(values[index])) return false;
  return true;
}
