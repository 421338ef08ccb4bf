/**
 * Draw units with replacement, as often as there are units: one resample of a bootstrap.
 *
 * @param counts [units]: receives how often each unit was drawn; whole numbers that add up to the number of units.
 * @param random uniform numbers in [0, 1) from a seeded generator such as `seededRandom(seed)`; one is taken for each unit.
 * @returns `counts`. Cost: O(units), allocates nothing.
 */
export function drawUnits<Counts extends Uint32Array | Float64Array>(counts: Counts, random: () => number): Counts {
  const units = counts.length;
  counts.fill(0);
  for (let draw = 0; draw < units; draw++) counts[Math.floor(random() * units)]++;
  return counts;
}

/**
 * Resample units with replacement, many times. All statistics that one call of `use` takes are of the same draw, so that they
 * stay paired.
 *
 * @param use receives how often each unit was drawn (Uint32Array [units], reused) and the number of the resample. Returns false for
 * a draw of which the statistic does not exist; such a draw is made again. At least one unit in some draw has to have one.
 * Cost: O(resamples x units), and what `use` takes.
 */
export function resample(
  units: number,
  resamples: number,
  random: () => number,
  use: (counts: Uint32Array, index: number) => boolean,
): void {
  const counts = new Uint32Array(units);
  for (let index = 0; index < resamples; ) if (use(drawUnits(counts, random), index)) index++;
}
