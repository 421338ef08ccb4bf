/** Keys of records, neighbours joined: R1, R2, R3 and R7 are `R1–R3, R7`. */
export function keyRange(keys: readonly string[]): string {
  const numbers = keys.map((key) => Number(key.slice(1)));
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs
    .map(([from, to]) => (from === to ? `R${from}` : to === from + 1 ? `R${from}, R${to}` : `R${from}–R${to}`))
    .join(', ');
}
