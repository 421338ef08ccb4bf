/** Sums of the powers of a sample about its mean. */
export interface CentralSums {
  readonly second: number;
  readonly third: number;
  readonly fourth: number;
}

/** How uncertain an estimate is that is, to first order, a sum of contributions of independent units. */
export interface Spread {
  /** In the unit of the estimate; infinite for a single unit. */
  readonly standardError: number;
  /** Skewness of the estimate itself (of the units, over the root of their number). */
  readonly skewness: number;
  /** Of the standard error, above 0: few where few units make up most of it. */
  readonly degreesOfFreedom: number;
}

/** With fewer, a t quantile reflects the formula more than the data. */
const leastDegreesOfFreedom = 3;

/** Skewness lengthens a side by half at most: the skewness of a small sample is itself uncertain. */
const longestSide = 1.5;

/** Sums of the powers of `values` about their mean. */
export function centralSums(values: ArrayLike<number>): CentralSums {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const off = values[i] - mean;
    const square = off * off;
    second += square;
    third += square * off;
    fourth += square * square;
  }
  return { second, third, fourth };
}

/**
 * The spread of a sum of `count` independent units.
 *
 * @param sums  of what the units add.
 * @param count units.
 * @param tail  at least 1: power to which the kurtosis less 1 is raised. A sample shows too little of the kurtosis of a
 * heavy-tailed population, since it rarely holds the units that cause it; 1 leaves it unchanged.
 * Source: standard error, the infinitesimal jackknife (Efron, 1982); degrees of freedom by the rule of Satterthwaite
 * (1946), 2 / variance(s^2) in units of s^4, which is 2 n / (kurtosis - 1).
 */
export function spreadOf({ second, third, fourth }: CentralSums, count: number, tail = 1): Spread {
  const most = Math.max(1, count - 1);
  if (count < 2) return { standardError: Number.POSITIVE_INFINITY, skewness: 0, degreesOfFreedom: most };
  if (!(second > 0)) return { standardError: 0, skewness: 0, degreesOfFreedom: most };
  const kurtosis = (count * fourth) / (second * second);
  const satterthwaite = (2 * count) / (kurtosis - 1) ** tail;
  return {
    standardError: Math.sqrt((second * count) / (count - 1)),
    skewness: third / second ** 1.5,
    degreesOfFreedom: Math.min(most, Math.max(leastDegreesOfFreedom, satterthwaite)),
  };
}

/**
 * How far the truth may lie below and above an estimate.
 *
 * @param t quantile of Student's distribution, above 0; `twoSidedT`.
 * @returns lengths of both sides. The side to which the estimate is skewed is longer than t standard errors, by half at
 * most; no side is shorter.
 * Source: the monotone cubic transformation of Hall (1992), Journal of the Royal Statistical Society B 54, 221-228, whose
 * inverse gives the end of the interval; only where that lengthens a side is it used.
 */
export function reach({ standardError, skewness }: Spread, t: number): readonly [below: number, above: number] {
  const side = (end: number): number => standardError * Math.min(Math.max(t, end), longestSide * t);
  return [side(inverseHall(t, skewness)), side(-inverseHall(-t, skewness))];
}

function inverseHall(t: number, skewness: number): number {
  const a = skewness / 3;
  if (Math.abs(a) < 1e-9) return t;
  return (Math.cbrt(1 + 3 * a * (t - skewness / 6)) - 1) / a;
}
