import type { BenchResult } from '@retinabench/backends';
import { type RankedConfiguration, rankRounds } from './rank-rounds.js';

/**
 * Compare the configurations of a bench, size by size, with the first of the size that could be measured.
 *
 * @returns as `rankRounds`; a configuration that failed is left out.
 */
export function rankConfigurations(results: readonly BenchResult[]): RankedConfiguration[][] {
  return rankRounds(
    results.flatMap((result, index) => {
      if ('failure' in result) return [];
      const { model, backend, threads, size } = result.init;
      const rounds = result.latencyMs.total.roundMedians ?? [];
      return [{ index, group: size.name, name: { model: model.card.id, backend, threads }, rounds }];
    }),
  );
}
