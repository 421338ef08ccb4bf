import { DatasetError } from '@retinabench/core';

/** Largest coordinate that is taken for pixels; no image has ten million of them in a row. */
export const mostPixels = 1e7;

/** What the box of a face has to be. */
export interface BoxRules {
  /**
   * Boxes of negative width or height, which mostly mean that the numbers are others than they are taken for: `refuse`
   * them or `keep` them. WIDER FACE itself has one, so that its text is read with `keep`.
   */
  readonly negativeSizes: 'refuse' | 'keep';
  /** The flag that keeps them, for messages. */
  readonly keepFlag: string;
  /** The flag that says what the four numbers are, where the form has one. */
  readonly boxesFlag?: string;
}

/**
 * Hold a box (x, y, w, h) against what all formats ask of it.
 *
 * @throws {DatasetError} if a number is not finite or too large, or a side is negative and that is refused.
 */
export function checkBox(x: number, y: number, w: number, h: number, rules: BoxRules, where: string): void {
  if (
    Math.abs(x) <= mostPixels &&
    Math.abs(y) <= mostPixels &&
    Math.abs(w) <= mostPixels &&
    Math.abs(h) <= mostPixels
  ) {
    if ((w >= 0 && h >= 0) || rules.negativeSizes === 'keep') return;
    throw new DatasetError(
      `${where}: expected a box of width and height of at least 0, got x ${x}, y ${y}, width ${w}, height ${h}; are the numbers in another order?${rules.boxesFlag === undefined ? '' : ` ${rules.boxesFlag} xywh, xyxy or cxcywh says what they are.`} If they are meant, pass ${rules.keepFlag}`,
    );
  }
  throw new DatasetError(
    `${where}: expected a box of four finite numbers of at most ${mostPixels}, got x ${x}, y ${y}, width ${w}, height ${h}; correct the file`,
  );
}
