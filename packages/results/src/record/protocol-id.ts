import { canonicalJson, sha256Hex } from '@retinabench/core/basics';

/** Every setting that changes the number, by name. */
export type ProtocolSettings = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

/**
 * The id of a protocol: the first 12 hex digits of the SHA-256 of its settings as canonical JSON. Two numbers may be
 * compared only if their ids are equal. The order in which the settings were written does not matter; a setting of the
 * name `id` is left out, so that the protocol of a record gives its own id.
 */
export function protocolId(settings: ProtocolSettings): string {
  const { id: _, ...rest } = settings;
  return sha256Hex(new TextEncoder().encode(canonicalJson(rest))).slice(0, 12);
}
