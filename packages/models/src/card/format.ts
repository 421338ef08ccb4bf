import type { ModelCard } from './card.js';

/** A list of numbers and plain words over several lines; no JSON string can contain it unescaped. */
const plainList = /\[\n(?:\s*(?:-?\d[\d.eE+-]*|"[\w .:+-]*"),?\n)+\s*\]/g;

/** A card as it lies beside its .onnx, for people to read and to edit: indented, lists of numbers and words on one line. */
export function formatCard(card: ModelCard): string {
  const lines = JSON.stringify(card, null, 2);
  return `${lines.replace(plainList, (list) => list.replace(/\n\s*/g, ' ').replace('[ ', '[').replace(/ \]$/, ']'))}\n`;
}
