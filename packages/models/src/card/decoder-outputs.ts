import type { CardDecoder } from './card.js';
import { composedForm } from './preset.js';

/** Names of the outputs that a decoder reads, each once, in the order of the card. */
export function decoderOutputs(decoder: CardDecoder): string[] {
  const { scores, boxes, landmarks, suppressed } = composedForm(decoder);
  const sources = [...scores.factors, ...boxes.from, ...(landmarks === undefined ? [] : [landmarks.from])];
  const dense = decoder.kind === 'retinaface' ? decoder.outputs.dense : undefined;
  const names = [...sources.flatMap(({ tensor }) => tensor), suppressed?.count, suppressed?.indices, dense];
  return [...new Set(names.filter((name) => name !== undefined))];
}
