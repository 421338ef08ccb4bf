import type { CardInput, SideValue } from '@retinabench/models';
import type { Tensor } from '../backend/backend.js';

/** The sides that a side input can ask for. */
export type SideValues = Readonly<Record<SideValue, number>>;

/** What a card feeds beside the image; empty for most. */
export function sideFeeds({ sides }: CardInput, known: SideValues): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    (sides ?? []).map(({ tensor, dims, values }) => {
      const data = Float32Array.from(values, (value) => (typeof value === 'number' ? value : known[value]));
      return [tensor, { data, dims }];
    }),
  );
}
