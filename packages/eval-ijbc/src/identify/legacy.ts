import { DatasetError } from '@retinabench/core';
import type { Enrolment } from '../meta/enrolment.js';
import { fpirTargets, type Identification, ranks } from './identify.js';
import { rankOfMate, type SearchInput, searchGallery } from './search.js';
import { TopValues } from './top-values.js';

/**
 * 1:N as the public script computed it before 2021, for comparison with figures of that time only: both galleries
 * joined into one, and as threshold at f the ceil(probes f)-th highest of all impostor similarities pooled, which is no
 * FPIR. `tpir` holds the share of probes whose subject is more similar than that threshold.
 *
 * @throws {DatasetError} as searchGallery, or if a probe's subject is in none of the galleries.
 */
export async function identifyLegacy(input: SearchInput, galleries: readonly Enrolment[]): Promise<Identification> {
  const joined = joinGalleries(galleries);
  const { probes } = input;
  const count = probes.templateIds.length;
  const depthOf = (target: string): number => Math.ceil(count * Number(target));
  const impostors = new TopValues(Math.max(...fpirTargets.map(depthOf)));
  const hits: Record<string, number> = Object.fromEntries(ranks.map((rank) => [rank, 0]));
  const own = new Float64Array(count);
  let tied = 0;
  await searchGallery(input, joined, ({ probe, similarities, mate, isZero }) => {
    if (mate < 0) {
      throw new DatasetError(
        `probe ${probes.templateIds[probe]}: expected its subject ${probes.subjectIds[probe]} in a gallery, as the legacy rules need, got none; use --rules corrected`,
      );
    }
    const { rank, bestOther } = rankOfMate(similarities, mate);
    if (!isZero) for (const limit of ranks) if (rank <= Number(limit)) hits[limit]++;
    if (!isZero && similarities[mate] === bestOther) tied++;
    own[probe] = similarities[mate];
    similarities.forEach((value, entry) => {
      if (entry !== mate) impostors.add(value);
    });
  });
  const highest = impostors.descending();
  if (highest.length === 0) {
    throw new DatasetError('1:N: expected at least two gallery entries, got one; there is no impostor similarity');
  }
  const table = fpirTargets.map((target) => {
    const threshold = highest[Math.min(depthOf(target), highest.length) - 1];
    return [target, { tpir: own.filter((value) => value > threshold).length / count, threshold }] as const;
  });
  return {
    probes: count,
    galleries: [
      { gallery: joined.templateIds.length, mated: count, nonMated: 0, tied, hits, tpir: Object.fromEntries(table) },
    ],
    rank: Object.fromEntries(ranks.map((rank) => [rank, hits[rank] / count])),
    tpir: Object.fromEntries(table.map(([target, { tpir }]) => [target, tpir])),
  };
}

function joinGalleries(galleries: readonly Enrolment[]): Enrolment {
  const subjectOf = new Map(
    galleries.flatMap(({ templateIds, subjectIds }) =>
      Array.from(templateIds, (id, i) => [id, subjectIds[i]] as const),
    ),
  );
  const templateIds = Int32Array.from(subjectOf.keys()).sort();
  return { templateIds, subjectIds: templateIds.map((id) => subjectOf.get(id)!) };
}
