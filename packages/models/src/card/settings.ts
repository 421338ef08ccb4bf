import { canonicalJson, sha256Hex } from '@retinabench/core';
import type { ProtocolSettings } from '@retinabench/results';
import type { ModelCard } from './card.js';

/** Where numbers lie in the network's inputs and outputs, and words for people: another export changes these, not AP. */
const placeKeys: ReadonlySet<string> = new Set(['tensor', 'axes', 'at', 'names', 'layout']);

/** Keys that hold the name of a tensor where they hold text. */
const tensorKeys: ReadonlySet<string> = new Set([
  ...['scores', 'boxes', 'landmarks', 'dense', 'classification', 'objectness', 'count', 'indices'],
]);

/** Longest text of a value; of a longer one (a list of anchors) the protocol has the hash. */
const longestValue = 160;

/**
 * What a card says of how an image goes into its network, and how boxes come out of it: colour order, mean, scale, padding,
 * sizes, activations, anchors, variances and whatever else its language knows. Each is a setting of the protocol, since each
 * moves AP. Names of tensors are no such settings, nor is what only moves landmarks or the dense head's mesh.
 *
 * @returns settings by their path in the card: `input.mean`, `decoder.variances`.
 */
export function cardSettings({ input, decoder }: Pick<ModelCard, 'input' | 'decoder'>): ProtocolSettings {
  const settings: Record<string, Setting> = {};
  flatten('input', input, settings);
  if (decoder !== undefined) {
    const { landmarks: _, denseFrame: __, ...boxes } = decoder as typeof decoder & Partial<Record<string, unknown>>;
    flatten('decoder', boxes, settings);
  }
  return settings;
}

type Setting = ProtocolSettings[string];

function flatten(path: string, value: unknown, into: Record<string, Setting>): void {
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (!isPlace(key, inner)) flatten(`${path}.${key}`, inner, into);
    }
    return;
  }
  const setting = settingOf(value);
  if (setting !== undefined) into[path] = setting;
}

function settingOf(value: unknown): Setting | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  const text = canonicalJson(value.map(withoutPlaces));
  if (text.length > longestValue) {
    return `${value.length} values, sha256 ${sha256Hex(new TextEncoder().encode(text)).slice(0, 12)}`;
  }
  return value.every((item) => typeof item === 'number' || typeof item === 'string')
    ? (value as readonly (number | string)[])
    : text;
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !isPlace(key, inner));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutPlaces(inner)]));
}

function isPlace(key: string, value: unknown): boolean {
  const isText = typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
  return placeKeys.has(key) || (tensorKeys.has(key) && isText);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
