import { canonicalJson } from '@retinabench/core';
import type { ModelCard } from '../card/card.js';
import { platformSha256 } from './sha256.js';

/** SHA-256 of a whole card as canonical JSON, whatever is in it: every word of it may change a box. 64 hex digits. */
export function cardDigest(card: ModelCard): string {
  return platformSha256(new TextEncoder().encode(canonicalJson(card)));
}
