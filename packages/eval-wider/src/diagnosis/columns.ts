import { formatCount, formatShare } from '@retinabench/results';
import { type FieldColumns, layoutColumns } from '../predictions/read-fields.js';
import type { Diagnosis, DiagnosisInput } from './diagnosis.js';
import { asGiven, type BoxReading, describeReading, flagsOf } from './search/box-reading.js';
import { isConvincing } from './search/is-convincing.js';
import { type SampleImage, sampleImages } from './search/sample.js';
import { layOut, scoreReading } from './search/score-reading.js';
import { type ScoredReading, searchReadings } from './search/search-readings.js';

/** Files whose lines are looked at, and fields of a line. */
const mostFiles = 60;
const mostFields = 24;

/** Share of the files in which a column has to descend to be the scores. */
const descendingShare = 0.9;

/**
 * Whether box and score stand in other columns than the first five: the score first, a class before or between them,
 * landmarks before the box. The score is the column that descends; the box four columns side by side under which a reading
 * finds faces.
 *
 * Cost: reads up to 60 files again; only for runs whose scores or boxes make no sense.
 */
export function diagnoseColumns(input: DiagnosisInput): Diagnosis[] {
  const { fieldsOf } = input;
  if (fieldsOf === undefined) return [];
  const names = sampleImages(input)
    .map(({ name }) => name)
    .slice(0, mostFiles);
  const lines = new Map(names.map((name) => [name, fieldsOf(name)]));
  const count = Math.min(mostFields, ...[...lines.values()].flat().map((fields) => fields.length));
  if (!Number.isFinite(count) || count < 5) return [];
  const scores = Array.from({ length: count }, (_, column) => column).filter((column) => areScores(lines, column));
  if (scores.length === 0) return [];
  const base = sampleImages(input).filter(({ name }) => lines.has(name));
  const given: ScoredReading = { reading: asGiven, score: scoreReading(base, layOut(base, 'xywh'), asGiven) };
  let best: { columns: FieldColumns; found: ScoredReading; sample: SampleImage[] } | undefined;
  for (const score of scores) {
    for (let x = 0; x + 4 <= count; x++) {
      if (score >= x && score < x + 4) continue;
      const columns = [x, x + 1, x + 2, x + 3, score] as const;
      if (columns.every((column, slot) => column === layoutColumns[slot])) continue;
      const sample = withColumns(base, lines, columns);
      if (sample.every(({ boxes }) => boxes.every(Number.isFinite))) {
        const found = searchReadings(sample).best;
        // Of readings that find the same the one of the box as it should be holds.
        const isMore = found.score.overlap > 1.02 * (best?.found.score.overlap ?? 0);
        const isPlain = found.reading === asGiven && found.score.overlap > 0.98 * (best?.found.score.overlap ?? 0);
        if (isMore || isPlain) best = { columns, found, sample };
      }
    }
  }
  const scoreIsWrong = !scores.includes(4);
  if (best === undefined) return [];
  const boxesAreRight =
    best.columns.slice(0, 4).every((column, slot) => column === slot) && best.found.reading === asGiven;
  if (boxesAreRight ? !scoreIsWrong : !isConvincing(best.sample, best.found, given)) return [];
  return [diagnosisOf(best.columns, best.found, given, names.length, count)];
}

function diagnosisOf(
  columns: FieldColumns,
  best: ScoredReading,
  given: ScoredReading,
  files: number,
  count: number,
): Diagnosis {
  const [x, , , , score] = columns;
  const share = ({ score: own }: ScoredReading): string => formatShare(own.found / Math.max(own.faces, 1));
  const reading: BoxReading = best.reading;
  const further = reading === asGiven ? '' : `, the box as ${describeReading(reading)}`;
  const ordinal = score === 0 ? 'the score is in the first column' : `the score is in column ${score + 1}`;
  return {
    code: 'columns',
    level: 'error',
    evidence: `${ordinal} of ${count}, where numbers descend in the files, and the box in columns ${x + 1} to ${x + 4}${further}: so read, the detections find ${share(best)} of the faces instead of ${share(given)}, in ${formatCount(files)} files`,
    effect: 'other numbers are taken for box and score',
    fix: `--columns ${columns.map((column) => column + 1).join(',')}${reading === asGiven ? '' : ` ${flagsOf(reading)}`}, or write "x y w h score"`,
  };
}

/** Whether a column is scores: not all equal, descending in nearly every file. */
function areScores(lines: ReadonlyMap<string, readonly (readonly number[])[]>, column: number): boolean {
  let files = 0;
  let descending = 0;
  let varied = 0;
  for (const rows of lines.values()) {
    if (rows.length < 2) continue;
    files++;
    const falls = rows.every((fields, row) => row === 0 || fields[column] <= rows[row - 1][column]);
    if (falls) descending++;
    if (rows[0][column] !== rows[rows.length - 1][column]) varied++;
  }
  return files > 0 && descending >= descendingShare * files && 2 * varied >= files;
}

function withColumns(
  base: readonly SampleImage[],
  lines: ReadonlyMap<string, readonly (readonly number[])[]>,
  columns: FieldColumns,
): SampleImage[] {
  return base.map((image) => {
    const rows = (lines.get(image.name) ?? []).slice(0, 80);
    return {
      ...image,
      boxes: Float64Array.from(rows.flatMap((fields) => columns.slice(0, 4).map((column) => fields[column]))),
    };
  });
}
