/** Copy numbers to a place; returns the place behind them. */
export function copyNumbers(into: Float64Array, from: number, numbers: readonly number[] = []): number {
  for (let index = 0; index < numbers.length; index++) into[from + index] = numbers[index];
  return from + numbers.length;
}
