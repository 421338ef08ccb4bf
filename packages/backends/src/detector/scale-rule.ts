import { ProtocolError } from '@retinabench/core';

/** How large an image is when the network sees it. */
export type ScaleRule =
  /** As it is; with a cap on the long side on request. */
  | { readonly kind: 'original'; readonly longSideCapPx?: number }
  /** Long side resized to `longSidePx`. */
  | { readonly kind: 'long'; readonly longSidePx: number }
  /** Each long side in turn, ascending; the union of all boxes is suppressed once. */
  | { readonly kind: 'long-union'; readonly longSidesPx: readonly number[] }
  /** Short side resized to `shortSidePx`, unless the long side would exceed its cap: then the long side to the cap. */
  | { readonly kind: 'short'; readonly shortSidePx: number; readonly longSideCapPx: number }
  /** Each short side in turn, each also mirrored; the union of all boxes goes through box voting. */
  | { readonly kind: 'pyramid'; readonly shortSidesPx: readonly number[] };

/** Short sides of the paper's image pyramid (arXiv:1905.00641, section 4.3). */
const paperPyramidPx: readonly number[] = [500, 800, 1100, 1400, 1700];

/**
 * Read a scale rule: `original`, `original:MAX`, `long:N`, `vga` (= `long:640`), `long:128+640`, `short:1600,2150`, `pyramid`.
 *
 * @throws {ProtocolError} if it has another form, a side is not a whole number from 16 to 16384, or a union names one twice.
 */
export function parseScaleRule(text: string): ScaleRule {
  const [name, argument, ...rest] = text.split(':');
  const union = name === 'long' && argument?.includes('+') === true;
  const sides = argument === undefined ? [] : argument.split(union ? '+' : ',').map(sideOf);
  const valid = rest.length === 0 && sides.every((side) => Number.isInteger(side) && side >= 16 && side <= 16384);
  if (valid && union && new Set(sides).size === sides.length) {
    return { kind: 'long-union', longSidesPx: sides.sort((a, b) => a - b) };
  }
  if (valid && name === 'original' && sides.length === 0) return { kind: 'original' };
  if (valid && name === 'original' && sides.length === 1) return { kind: 'original', longSideCapPx: sides[0] };
  if (valid && name === 'vga' && sides.length === 0) return { kind: 'long', longSidePx: 640 };
  if (valid && name === 'long' && !union && sides.length === 1) return { kind: 'long', longSidePx: sides[0] };
  if (valid && name === 'short' && sides.length === 2) {
    return { kind: 'short', shortSidePx: sides[0], longSideCapPx: sides[1] };
  }
  if (valid && name === 'pyramid' && sides.length === 0) return { kind: 'pyramid', shortSidesPx: paperPyramidPx };
  throw new ProtocolError(
    `scale rule: expected original, original:MAX, long:N, long:N+N (a union, each size once), vga, short:N,MAX or pyramid with sides of 16 to 16384 pixels, got ${JSON.stringify(text)}`,
  );
}

function sideOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** A scale rule as text that `parseScaleRule` reads; `vga` is written as the `long:640` that it is. */
export function formatScaleRule(rule: ScaleRule): string {
  switch (rule.kind) {
    case 'original':
      return rule.longSideCapPx === undefined ? 'original' : `original:${rule.longSideCapPx}`;
    case 'long':
      return `long:${rule.longSidePx}`;
    case 'long-union':
      return `long:${rule.longSidesPx.join('+')}`;
    case 'short':
      return `short:${rule.shortSidePx},${rule.longSideCapPx}`;
    case 'pyramid':
      return 'pyramid';
  }
}

/** One look of the network at an image. */
export interface Pass {
  /** Network pixels per image pixel. */
  readonly scale: number;
  /** Whether the image is mirrored left to right. */
  readonly mirror: boolean;
}

/**
 * The passes that a rule makes over an image.
 *
 * Source: the public WIDER script (scale = target / short side, replaced by cap / long side where
 * round(scale * long side) exceeds the cap); arXiv:1905.00641, section 4.3, for the pyramid, whose long sides no cap
 * bounds.
 */
export function passesOf(rule: ScaleRule, widthPx: number, heightPx: number): Pass[] {
  const longSidePx = Math.max(widthPx, heightPx);
  const shortSidePx = Math.min(widthPx, heightPx);
  switch (rule.kind) {
    case 'original': {
      const cap = rule.longSideCapPx ?? longSidePx;
      return [{ scale: longSidePx > cap ? cap / longSidePx : 1, mirror: false }];
    }
    case 'long':
      return [{ scale: rule.longSidePx / longSidePx, mirror: false }];
    case 'long-union':
      return rule.longSidesPx.map((sidePx) => ({ scale: sidePx / longSidePx, mirror: false }));
    case 'short': {
      const scale = rule.shortSidePx / shortSidePx;
      const capped = Math.round(scale * longSidePx) > rule.longSideCapPx;
      return [{ scale: capped ? rule.longSideCapPx / longSidePx : scale, mirror: false }];
    }
    case 'pyramid':
      return rule.shortSidesPx.flatMap((sidePx) =>
        [false, true].map((mirror) => ({ scale: sidePx / shortSidePx, mirror })),
      );
  }
}
