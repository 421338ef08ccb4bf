import { decodeBits } from '../../folds/pair-bits.js';
import type { ResultRecord, TarAtFar } from '../../record/record.js';
import {
  agrees,
  type Contradiction,
  checkInterval,
  checkRising,
  isAtMost,
  requireEqual,
  requireThat,
} from './contradiction.js';

const tables = ['tar', 'tarNearestAll', 'tarNotAbove'] as const;

/**
 * What of a verification record does not follow from the rest: rates that are no counts over its pairs, TAR off its ROC,
 * TAR or threshold that turn back along the FAR, area and equal error rate that the ROC does not allow, histograms of
 * another number of pairs.
 */
export function findVerificationContradictions(record: ResultRecord): Contradiction[] {
  const { roc, scoreHistogram, metrics = {} } = record;
  const found = [...tables.flatMap((table) => checkTable(table, record)), ...checkFolds(record)];
  if (roc !== undefined) found.push(...checkRoc(roc), ...checkAreas(roc, metrics));
  if (scoreHistogram !== undefined) {
    const { low, high, genuine, impostor } = scoreHistogram;
    found.push(
      ...requireThat(low <= high, 'scoreHistogram.high', `at least ${low}, its low end`, high),
      ...requireThat(
        genuine.length === impostor.length,
        'scoreHistogram.impostor',
        `${genuine.length} bins, as of the genuine pairs`,
        impostor.length,
      ),
      ...checkTotal('genuine', genuine, metrics),
      ...checkTotal('impostor', impostor, metrics),
    );
  }
  return found;
}

/** The accuracy of each of the consecutive folds is the share of its pairs that are judged rightly. */
function checkFolds({ folds, metrics = {} }: ResultRecord): Contradiction[] {
  if (folds === undefined) return [];
  const correct = decodeBits(folds.correct, folds.pairs);
  if (correct === undefined) {
    return [{ path: 'folds.correct', expected: `a bit for each of ${folds.pairs} pairs`, actual: 'other text' }];
  }
  let count = 0;
  while (metrics[`fold${count + 1}.accuracy`] !== undefined) count++;
  if (count === 0) return [];
  const [size, larger] = [Math.floor(folds.pairs / count), folds.pairs % count];
  return Array.from({ length: count }, (_, fold) => {
    const from = fold * size + Math.min(fold, larger);
    const ofFold = correct.subarray(from, from + size + (fold < larger ? 1 : 0));
    const share = ofFold.reduce((sum, right) => sum + right, 0) / ofFold.length;
    const path = `metrics.fold${fold + 1}.accuracy`;
    return requireEqual(path, share, metrics[`fold${fold + 1}.accuracy`], 'the share of its pairs in folds.correct');
  }).flat();
}

function checkTotal(
  which: 'genuine' | 'impostor',
  bins: readonly number[],
  metrics: Readonly<Record<string, number>>,
): Contradiction[] {
  const pairs = metrics[`pairs.${which}`];
  if (pairs === undefined) return [];
  const total = bins.reduce((sum, count) => sum + count, 0);
  return requireEqual(`scoreHistogram.${which}`, pairs, total, `the sum of metrics.pairs.${which}`);
}

function checkTable(table: (typeof tables)[number], record: ResultRecord): Contradiction[] {
  const entries = Object.entries(record[table] ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  const rising = (of: (at: TarAtFar) => number, name: string): Contradiction[] =>
    checkRising(
      entries.map(([target, at]) => [`${table}.${target}.${name}`, of(at)] as const),
      'the FAR',
    );
  return [
    ...entries.flatMap(([target, at]) => checkEntry(`${table}.${target}`, at, record)),
    ...entries.flatMap(([target, { achievedFar }]) =>
      table === 'tarNotAbove'
        ? requireThat(
            isAtMost(achievedFar, Number(target)),
            `${table}.${target}.achievedFar`,
            `at most ${target}`,
            achievedFar,
          )
        : [],
    ),
    ...rising(({ tar }) => tar, 'tar'),
    ...rising(({ impostors }) => impostors, 'impostors'),
    ...rising(({ threshold }) => -threshold, 'threshold').map((contradiction) => ({
      ...contradiction,
      expected: 'a threshold that does not rise with the FAR',
      actual: 'one that does',
    })),
  ];
}

function checkEntry(path: string, at: TarAtFar, { metrics = {}, roc }: ResultRecord): Contradiction[] {
  const { tar, achievedFar, impostors, farInterval, interval } = at;
  const genuinePairs = metrics['pairs.genuine'];
  const impostorPairs = metrics['pairs.impostor'];
  const accepted = tar * (genuinePairs ?? 0);
  return [
    ...checkInterval(`${path}.interval`, interval, tar),
    ...checkInterval(`${path}.farInterval`, farInterval, achievedFar),
    ...(impostorPairs === undefined
      ? []
      : requireEqual(`${path}.achievedFar`, impostors / impostorPairs, achievedFar, 'its impostors over all pairs')),
    ...(genuinePairs === undefined
      ? []
      : requireThat(
          Math.abs(accepted - Math.round(accepted)) < 1e-6 * Math.max(1, Math.sqrt(accepted)),
          `${path}.tar`,
          `a whole number of the ${genuinePairs} genuine pairs over their number`,
          tar,
        )),
    ...(roc === undefined ? [] : checkOnRoc(`${path}.tar`, at, roc)),
  ];
}

/** The ROC of a record holds some of the points: TAR lies between those around its FAR. */
function checkOnRoc(
  path: string,
  { tar, achievedFar }: TarAtFar,
  { far, tar: along }: NonNullable<ResultRecord['roc']>,
): Contradiction[] {
  let low = 0;
  let high = 1;
  for (let point = 0; point < Math.min(far.length, along.length); point++) {
    if (far[point] < achievedFar && !agrees(far[point] / achievedFar, 1)) low = Math.max(low, along[point]);
    else high = Math.min(high, along[point]);
  }
  return requireThat(isAtMost(low, tar) && isAtMost(tar, high), path, `from ${low} to ${high}, by its ROC`, tar);
}

function checkRoc({ far, tar }: NonNullable<ResultRecord['roc']>): Contradiction[] {
  return [
    ...requireThat(far.length === tar.length, 'roc.tar', `${far.length} points, as roc.far`, tar.length),
    ...checkRising(
      far.map((value, at) => [`roc.far[${at}]`, value] as const),
      'the points',
    ),
    ...checkRising(
      tar.map((value, at) => [`roc.tar[${at}]`, value] as const),
      'the FAR',
    ),
  ];
}

/** Between two points a ROC rises anyhow: the area and the equal error rate lie between the extremes. */
function checkAreas(
  { far, tar }: NonNullable<ResultRecord['roc']>,
  { auc, eer }: Readonly<Record<string, number>>,
): Contradiction[] {
  if (far.length !== tar.length || far.length === 0) return [];
  let low = 0;
  let high = far[0] * tar[0];
  let before = 0;
  let after = 1;
  for (let point = 0; point < far.length; point++) {
    if (point > 0) {
      low += (far[point] - far[point - 1]) * tar[point - 1];
      high += (far[point] - far[point - 1]) * tar[point];
    }
    if (far[point] < 1 - tar[point]) before = far[point];
    else after = Math.min(after, far[point]);
  }
  return [
    ...(auc === undefined
      ? []
      : requireThat(
          isAtMost(low, auc) && isAtMost(auc, high),
          'metrics.auc',
          `from ${low} to ${high}, by its ROC`,
          auc,
        )),
    ...(eer === undefined
      ? []
      : requireThat(
          isAtMost(before, eer) && isAtMost(eer, after),
          'metrics.eer',
          `from ${before} to ${after}, by its ROC`,
          eer,
        )),
  ];
}
