import { type CardDecoder, composedForm } from '@retinabench/models';
import type { Tolerance } from '../backend/backend.js';
import { expectedOutputs, type OutputRole } from '../decoders/expected-outputs.js';

/** How far a raw output may lie from the reference's. */
export interface OutputBounds {
  /** What its numbers are. */
  readonly role: OutputRole;
  /** In the unit of its numbers. */
  readonly absolute: number;
  readonly relative: number;
}

/**
 * The bounds of the outputs that a decoder reads, by name. What a backend promises of corners in pixels bounds outputs that
 * are pixels, or fractions of the input; its bounds of raw outputs all others: scores, logits and offsets before decoding.
 * An output of several parts has the widest bounds of them, its scores and corners being held to their own once decoded.
 *
 * @param longestSidePx of the network's input.
 * @returns undefined for a network that suppresses by itself: the order and number of its rows depend on single bits, so that
 * its detections alone are compared.
 */
export function outputBounds(
  decoder: CardDecoder,
  { absolute, relative, boxPx }: Tolerance,
  longestSidePx: number,
): ReadonlyMap<string, OutputBounds> | undefined {
  if (composedForm(decoder).suppressed !== undefined) return undefined;
  const absoluteOf: Partial<Record<OutputRole, number>> = {
    pixel: Math.max(absolute, boxPx),
    fraction: Math.max(absolute, boxPx / longestSidePx),
  };
  const bounds = new Map<string, OutputBounds>();
  for (const { name, role } of expectedOutputs(decoder)) {
    const own = { role, absolute: absoluteOf[role] ?? absolute, relative };
    const other = bounds.get(name);
    if (other === undefined || own.absolute > other.absolute) bounds.set(name, own);
  }
  return bounds;
}
