import { DatasetError } from '@retinabench/core';
import type { Enrolment } from '../meta/enrolment.js';
import { rankOfMate, type SearchInput, searchGallery } from './search.js';

/** Ranks that papers report, as records name them. */
export const ranks = ['1', '5', '10'] as const;

/** FPIR targets that papers report, as records name them. */
export const fpirTargets = ['0.01', '0.1'] as const;

/** What each probe found in one gallery, probes by their index. */
export interface Searches {
  /** `rank` is infinite where the probe has no usable feature, `found` -Infinity where another entry is as similar or more. */
  readonly mated: readonly { readonly probe: number; readonly rank: number; readonly found: number }[];
  /** `best`: the highest similarity to any entry. */
  readonly nonMated: readonly { readonly probe: number; readonly best: number }[];
}

/** What was found in one gallery. */
export interface GalleryResult {
  /** Entries. */
  readonly gallery: number;
  /** Probes whose subject is enrolled, and those whose is not. */
  readonly mated: number;
  readonly nonMated: number;
  /** Mated probes of rank 1 with another entry that is exactly as similar as the subject's. */
  readonly tied: number;
  /** Mated probes whose subject is among the first k entries, by k. */
  readonly hits: Readonly<Record<string, number>>;
  /** TPIR by FPIR target, with its threshold; absent unless there are mated and non-mated probes. */
  readonly tpir?: Readonly<Record<string, { readonly tpir: number; readonly threshold: number }>>;
  /** TPIR along `fpirCurve`; absent with `tpir`. */
  readonly curve?: readonly number[];
  /** Absent under legacy rules, whose threshold is of no probe. */
  readonly searches?: Searches;
}

/** The result of 1:N identification. */
export interface Identification {
  readonly probes: number;
  readonly galleries: readonly GalleryResult[];
  /** Share of mated searches with the subject among the first k, over all galleries together. */
  readonly rank: Readonly<Record<string, number>>;
  /** Mean over the galleries; absent if it is absent in one. */
  readonly tpir?: Readonly<Record<string, number>>;
  /** Mean over the galleries along `fpirCurve`; the DET curve is 1 - tpir. */
  readonly curve?: readonly number[];
}

/** FPIRs of the curve: 1e-4 to 1, 25 to a factor of ten. */
export const fpirCurve: readonly number[] = Array.from({ length: 101 }, (_, i) => 10 ** ((i - 100) / 25));

/**
 * Search every probe in each gallery alone.
 *
 * Mated probes (subject enrolled): rank = 1 + gallery entries that are strictly more similar than the subject's.
 * Threshold at FPIR f: of the M non-mated probes' highest similarities in descending order, entry max(floor(M f) - 1, 0).
 * TPIR: share of mated probes whose subject is more similar than the threshold and than every other entry.
 * A mated probe without a usable feature (zeroIds of the templates) finds its subject at no rank.
 * The rate of rank k is over the mated searches of all galleries; since in IJB-B and IJB-C every probe's subject is in
 * exactly one gallery, these are as many as there are probes.
 *
 * @throws {DatasetError} as searchGallery, or if no probe's subject is enrolled anywhere.
 * Cost: probes x gallery entries dot products.
 * Source: the public script as corrected in 2021.
 */
export async function identify(input: SearchInput, galleries: readonly Enrolment[]): Promise<Identification> {
  const results: GalleryResult[] = [];
  for (const gallery of galleries) results.push(await identifyGallery(input, gallery));
  const mated = results.reduce((sum, result) => sum + result.mated, 0);
  if (mated === 0) {
    throw new DatasetError(
      '1:N: expected probes of enrolled subjects, got none; are galleries and probes of one data set?',
    );
  }
  const hits = (rank: string): number => results.reduce((sum, result) => sum + result.hits[rank], 0);
  const base = {
    probes: input.probes.templateIds.length,
    galleries: results,
    rank: Object.fromEntries(ranks.map((rank) => [rank, hits(rank) / mated])),
  };
  const curves = results.flatMap(({ curve }) => (curve === undefined ? [] : [curve]));
  const tables = results.flatMap(({ tpir }) => (tpir === undefined ? [] : [tpir]));
  if (tables.length < results.length) return base;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...base,
    tpir: Object.fromEntries(fpirTargets.map((target) => [target, mean(tables.map((table) => table[target].tpir))])),
    curve: fpirCurve.map((_, i) => mean(curves.map((curve) => curve[i]))),
  };
}

async function identifyGallery(input: SearchInput, gallery: Enrolment): Promise<GalleryResult> {
  const mated: { probe: number; rank: number; found: number }[] = [];
  const nonMated: { probe: number; best: number }[] = [];
  let tied = 0;
  await searchGallery(input, gallery, ({ probe, similarities, mate, isZero }) => {
    if (mate < 0) {
      nonMated.push({ probe, best: similarities.reduce((best, value) => Math.max(best, value), -Infinity) });
      return;
    }
    if (isZero) {
      mated.push({ probe, rank: Infinity, found: -Infinity });
      return;
    }
    const own = similarities[mate];
    const { rank, bestOther } = rankOfMate(similarities, mate);
    if (own === bestOther) tied++;
    mated.push({ probe, rank, found: own > bestOther ? own : -Infinity });
  });
  const counts = {
    gallery: gallery.templateIds.length,
    mated: mated.length,
    nonMated: nonMated.length,
    tied,
    hits: Object.fromEntries(ranks.map((limit) => [limit, mated.filter(({ rank }) => rank <= Number(limit)).length])),
    searches: { mated, nonMated },
  };
  if (mated.length === 0 || nonMated.length === 0) return counts;

  const descending = Float64Array.from(nonMated, ({ best }) => best)
    .sort()
    .reverse();
  const at = (fpir: number): { tpir: number; threshold: number } => {
    const threshold = descending[Math.max(Math.floor(descending.length * fpir) - 1, 0)];
    return { tpir: mated.filter(({ found }) => found > threshold).length / mated.length, threshold };
  };
  return {
    ...counts,
    tpir: Object.fromEntries(fpirTargets.map((target) => [target, at(Number(target))])),
    curve: fpirCurve.map((fpir) => at(fpir).tpir),
  };
}
