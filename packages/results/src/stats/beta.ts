/** Coefficients of 1 / (12 x), 1 / x^3, ... in Stirling's series (Abramowitz and Stegun, 6.1.41). */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360];

/** From here on the series above is exact to float64. */
const stirlingFrom = 16;

/**
 * Distribution function of the beta distribution: the regularised incomplete beta function I_x(a, b).
 *
 * @param x 0..1.
 * @param a, b > 0.
 * @returns 0..1, with a relative error below 2e-12 for parameters from 0.01 to 1e8 (415 cases against 60 digits).
 * Cost: O(sqrt(a + b)) near the mean.
 * Source: continued fraction of Didonato and Morris (1992), equation 9, evaluated by Lentz's method; its front factor by
 * Loader, "Fast and accurate computation of binomial probabilities" (2000), where both parameters are large.
 */
export function betaDistribution(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return lowerTail(x, 1 - x, a, b);
}

/** I_x(a, b), given y = 1 - x, too: the smaller of the two keeps its digits when they change places. */
function lowerTail(x: number, y: number, a: number, b: number): number {
  if (x > (a + 1) / (a + b + 2)) return 1 - lowerTail(y, x, b, a);
  return frontFactor(x, y, a, b) / continuedFraction(x, y, a, b);
}

/**
 * Quantile of the beta distribution: the x with I_x(a, b) = p, to the last bits of float64.
 *
 * @param p 0..1.
 * Cost: 60 to 100 evaluations of betaDistribution (bisection on the logarithm of x, so that small x keep their digits).
 */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = -800;
  let high = 0;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    // Neighbours in float64: no further step changes either.
    if (middle === low || middle === high) break;
    if (betaDistribution(Math.exp(middle), a, b) < p) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** x^a y^b / B(a, b), y = 1 - x. */
function frontFactor(x: number, y: number, a: number, b: number): number {
  if (Math.min(a, b) < stirlingFrom) {
    return Math.exp(a * logarithm(x, y) + b * logarithm(y, x) - logBeta(a, b));
  }
  // The logarithms of the powers and of B are large and cancel; their differences are small and do not.
  const sum = a + b;
  const deviance = devianceOf(a, sum * x) + devianceOf(b, sum * y);
  return Math.sqrt((a / sum) * (b / (2 * Math.PI))) * Math.exp(tail(sum) - tail(a) - tail(b) - deviance);
}

/** log x, given y = 1 - x. */
function logarithm(x: number, y: number): number {
  return x < 0.5 ? Math.log(x) : Math.log1p(-y);
}

/** k log(k / mean) + mean - k, without cancellation where the two are near. Source: Loader 2000, bd0. */
function devianceOf(k: number, mean: number): number {
  const difference = k - mean;
  if (Math.abs(difference) >= 0.1 * (k + mean)) return k * Math.log(k / mean) - difference;
  const ratio = difference / (k + mean);
  let sum = difference * ratio;
  let power = 2 * k * ratio;
  for (let j = 3; ; j += 2) {
    power *= ratio * ratio;
    const next = sum + power / j;
    if (next === sum) return sum;
    sum = next;
  }
}

/** The denominator of I_x(a, b) below its front factor, for x up to the mean; y = 1 - x. */
function continuedFraction(x: number, y: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  const constant = a * y - b * x + 1;
  let fraction = away((a * constant) / (a + 1));
  let c = fraction;
  let d = 0;
  // It takes O(sqrt(max(a, b))) steps.
  const mostSteps = 1000 + 20 * Math.sqrt(Math.max(a, b));
  for (let m = 1; m <= mostSteps; m++) {
    const odd = a + 2 * m - 1;
    const numerator = ((m * (a + m - 1)) / odd) * ((a + b + m - 1) / odd) * (b - m) * x * x;
    const denominator = m + (m * (b - m) * x) / odd + ((a + m) * (constant + m * (1 + y))) / (a + 2 * m + 1);
    d = 1 / away(denominator + numerator * d);
    c = away(denominator + numerator / c);
    const step = c * d;
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
