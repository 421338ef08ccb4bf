/**
 * How many inputs a parser gets: `RETINABENCH_FUZZ_RUNS` if it is set, else 10,000, or fewer where one input costs more
 * than half a millisecond.
 */
export function fuzzRuns(normally = 10_000): number {
  const asked = Number(process.env.RETINABENCH_FUZZ_RUNS);
  return Number.isInteger(asked) && asked > 0 ? asked : normally;
}
