/** A size or factor that may be meant, and the share of overlap that it may lack and still be preferred. */
export interface SnappedValue {
  readonly value: number;
  readonly penalty: number;
}

/** How far a value may be from the measured one to be tried in its place. */
const tolerance = 0.015;

/** Sizes that people choose, the likelier with the smaller penalty. */
const steps: readonly (readonly [step: number, penalty: number])[] = [
  [128, 0],
  [100, 0],
  [32, 0.001],
  [16, 0.003],
  [10, 0.004],
  [5, 0.006],
  [1, 0.01],
];

/** Fractions of small numbers, the simplest first. */
const fractions: readonly SnappedValue[] = Array.from({ length: 20 }, (_, p) => p + 1)
  .flatMap((p) => Array.from({ length: 10 }, (_, q) => ({ value: p / (q + 1), penalty: 0.0006 * (p + q - 1) })))
  .sort((a, b) => a.penalty - b.penalty)
  .filter(({ value }, index, all) => all.findIndex((other) => other.value === value) === index);

/** What a value costs that is taken as it was measured. */
const measuredPenalty = 0.02;

/** Round sizes near the one that was measured, and the measured one: 640 for 641.7, 255 and 256 for 255.4, 1 for 1.004. */
export function snapSize(measured: number): SnappedValue[] {
  const round = steps.map(([step, penalty]) => ({ value: step * Math.round(measured / step), penalty }));
  return near(measured, measured < 8 ? fractions : [{ value: 255, penalty: 0.002 }, ...round]);
}

/** Simple factors near the one that was measured, and the measured one: 2 for 2.004. */
export function snapFactor(measured: number): SnappedValue[] {
  const whole = [Math.round(measured), 1 / Math.round(1 / measured)].map((value) => ({ value, penalty: 0.004 }));
  return near(measured, [...fractions, ...whole]);
}

/** Round shifts within 2 pixels of the one that was measured, and the measured one: -100 for -99. */
export function snapShift(measuredPx: number): SnappedValue[] {
  const round = [0, ...[100, 32, 16, 10, 8, 5].map((step) => step * Math.round(measuredPx / step))];
  const kept = [...new Set(round)].filter((value) => Math.abs(value - measuredPx) <= 2);
  return [...kept.map((value) => ({ value, penalty: 0 })), { value: measuredPx, penalty: 0.01 }];
}

function near(measured: number, candidates: readonly SnappedValue[]): SnappedValue[] {
  const kept: SnappedValue[] = [];
  for (const candidate of candidates) {
    const { value } = candidate;
    if (!(value > 0) || !Number.isFinite(value) || Math.abs(value / measured - 1) > tolerance) continue;
    if (!kept.some((other) => other.value === value)) kept.push(candidate);
  }
  return [...kept.slice(0, 6), { value: Number(measured.toPrecision(4)), penalty: measuredPenalty }];
}
