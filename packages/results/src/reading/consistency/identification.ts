import type { ResultRecord } from '../../record/record.js';
import { type Contradiction, checkRising, isAtMost, requireEqual, requireThat } from './contradiction.js';

/**
 * What of an identification record does not follow from the rest: ranks that are not hits over mated probes of its
 * galleries, TPIRs that are not their mean, rates that fall along rank or FPIR.
 */
export function findIdentificationContradictions(record: ResultRecord): Contradiction[] {
  const { rank = {}, tpir = {}, identificationCurve } = record;
  const ranks = byNumber(rank);
  const targets = byNumber(tpir);
  return [
    ...checkRising(
      ranks.map(([k, value]) => [`rank.${k}`, value] as const),
      'the rank',
    ),
    ...checkRising(
      targets.map(([target, value]) => [`tpir.${target}`, value] as const),
      'the FPIR',
    ),
    ...checkGalleries(record),
    ...(identificationCurve === undefined ? [] : checkCurve(identificationCurve, targets)),
  ];
}

function byNumber(values: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(values).sort(([a], [b]) => Number(a) - Number(b));
}

function checkGalleries({ rank = {}, tpir = {}, metrics = {} }: ResultRecord): Contradiction[] {
  const galleries: number[] = [];
  while (metrics[`gallery${galleries.length + 1}.mated`] !== undefined) galleries.push(galleries.length + 1);
  if (galleries.length === 0) return [];
  const sumOf = (name: string): number | undefined => {
    const values = galleries.map((gallery) => metrics[`gallery${gallery}.${name}`]);
    return values.every((value) => value !== undefined) ? values.reduce((sum, value) => sum + value, 0) : undefined;
  };
  const mated = sumOf('mated') ?? 0;
  return [
    ...Object.entries(rank).flatMap(([k, value]) => {
      const hits = sumOf(`hits.${k}`);
      return hits === undefined || mated === 0
        ? []
        : requireEqual(`rank.${k}`, hits / mated, value, 'hits over mated probes of its galleries');
    }),
    ...Object.entries(tpir).flatMap(([target, value]) => {
      const sum = sumOf(`tpir.${target}`);
      return sum === undefined
        ? []
        : requireEqual(`tpir.${target}`, sum / galleries.length, value, 'the mean of its galleries');
    }),
  ];
}

function checkCurve(
  { fpir, tpir }: NonNullable<ResultRecord['identificationCurve']>,
  targets: readonly [string, number][],
): Contradiction[] {
  const path = 'identificationCurve';
  return [
    ...requireThat(fpir.length === tpir.length, `${path}.tpir`, `${fpir.length} points, as its fpir`, tpir.length),
    ...checkRising(
      fpir.map((value, at) => [`${path}.fpir[${at}]`, value] as const),
      'the points',
    ),
    ...checkRising(
      tpir.map((value, at) => [`${path}.tpir[${at}]`, value] as const),
      'the FPIR',
    ),
    ...targets.flatMap(([target, value]) => {
      // The point at the target itself may round to either side of a step.
      const low = tpir[fpir.findLastIndex((at) => at < Number(target) * (1 - 1e-9))] ?? 0;
      const above = fpir.findIndex((at) => at > Number(target) * (1 + 1e-9));
      const high = above < 0 ? 1 : tpir[above];
      const within = isAtMost(low, value) && isAtMost(value, high);
      return requireThat(within, `tpir.${target}`, `from ${low} to ${high}, by its curve`, value);
    }),
  ];
}
