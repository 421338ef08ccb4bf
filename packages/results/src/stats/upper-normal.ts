/** P(Z >= z) of a standard normal, relative error below 1.2e-7 (Numerical Recipes, 3rd edition, erfc by Chebyshev fit), at most 1/2 for z >= 0. */
export function upperNormal(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  // Near 0 the fit is off by 1.2e-7 to either side: twice a tail above 1/2 would be no p-value.
  const tail = Math.min(0.5, (t * Math.exp(-x * x + polynomial)) / 2);
  return z >= 0 ? tail : 1 - tail;
}
