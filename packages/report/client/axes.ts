import type { ColourOf } from './palette.js';

/** An axis with a title. */
export function axis(colourOf: ColourOf, text: string) {
  return { title: { display: true, text, color: colourOf('text') }, grid: { color: colourOf('grid') } };
}

/** An axis of shares from 0 to 1, marked in percent. */
export function percentAxis(
  colourOf: ColourOf,
  text: string,
  bounds: { min?: number; max?: number } = { min: 0, max: 1 },
) {
  return {
    ...axis(colourOf, text),
    type: 'linear' as const,
    ...bounds,
    ticks: {
      includeBounds: false,
      callback: (value: string | number) => `${Number((Number(value) * 100).toFixed(2))} %`,
    },
  };
}

/**
 * A logarithmic axis.
 *
 * @param digits leading digits of the marks: powers of ten alone, or others between them.
 */
export function logAxis(
  colourOf: ColourOf,
  text: string,
  format: (value: number) => string,
  bounds: { min: number; max: number },
  digits: readonly number[] = [1],
) {
  return {
    ...axis(colourOf, text),
    type: 'logarithmic' as const,
    ...bounds,
    ticks: {
      maxRotation: 0,
      callback: (value: string | number) => {
        const digit = Number(value) / 10 ** Math.floor(Math.log10(Number(value)) + 1e-9);
        return digits.some((mark) => Math.abs(digit - mark) < 1e-6) ? format(Number(value)) : '';
      },
    },
  };
}
