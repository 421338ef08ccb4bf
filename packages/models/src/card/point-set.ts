import type { ModelCard } from './card.js';

/** The points that a detector gives of each face, in the order of its card. */
export interface PointSet {
  readonly count: number;
  readonly names?: readonly string[];
  /**
   * Which point of the mirrored face becomes which, by the words left and right in the names; absent where names do not
   * say it.
   */
  readonly mirrored?: readonly number[];
}

/**
 * All points of a card whose points are more or others than the five landmarks; undefined where those say it all, or the card
 * says that its landmarks do not count.
 */
export function pointSetOf({ decoder, landmarks }: Pick<ModelCard, 'decoder' | 'landmarks'>): PointSet | undefined {
  if (decoder?.kind !== 'composed' || decoder.landmarks === undefined) return undefined;
  const { points: count, names, alignment } = decoder.landmarks;
  if (alignment === undefined ? count === 5 : !landmarks) return undefined;
  const mirrored = names && mirroredOrder(names);
  return { count, ...(names === undefined ? {} : { names }), ...(mirrored === undefined ? {} : { mirrored }) };
}

function mirroredOrder(names: readonly string[]): number[] | undefined {
  const order = names.map((name) =>
    names.indexOf(
      name.replace(/left|right/gi, (side) =>
        side.toLowerCase() === 'left' ? like(side, 'right') : like(side, 'left'),
      ),
    ),
  );
  const isOrder = order.every((to, from) => to >= 0 && order[to] === from);
  // Without a side among them the names may leave it out.
  return isOrder && order.some((to, from) => to !== from) ? order : undefined;
}

/** `word` in the case of `pattern`: lower, upper or with a capital. */
function like(pattern: string, word: string): string {
  if (pattern === pattern.toUpperCase()) return word.toUpperCase();
  return pattern[0] === pattern[0].toUpperCase() ? `${word[0].toUpperCase()}${word.slice(1)}` : word;
}
