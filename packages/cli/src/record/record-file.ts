import path from 'node:path';
import { canonicalJson } from '@retinabench/core/basics';
import { protocolId } from '@retinabench/results';
import type { RecordContent } from './write.js';

/**
 * Where a record goes by default: `<folder>/<stem>-<12 hex digits>.json`. The digits are a hash of what it is a record of,
 * so that the same command writes the same file again, and another model, backend, data set or protocol another file.
 *
 * @param stem  what a reader looks for: model, data set, backend.
 * @param flags what changes the record but not its protocol: intervals, say.
 */
export function recordFile(
  folder: string,
  stem: string,
  { kind, protocol, model, backend, dataset }: RecordContent,
  flags: Readonly<Record<string, unknown>> = {},
): string {
  const conditions = canonicalJson({
    kind,
    protocol,
    flags: Object.entries(flags).filter(([, value]) => value !== undefined),
    model: [model?.id ?? '', model?.sha256 ?? ''],
    backend: [backend?.id ?? '', backend?.version ?? '', backend?.threads ?? 0],
    dataset: [dataset?.name ?? '', dataset?.images ?? 0, dataset?.sha256 ?? ''],
  });
  // A backend in a browser has a slash in its name: `chromium/ort-wasm`.
  return path.join(folder, `${stem.replaceAll('/', '-')}-${protocolId({ conditions })}.json`);
}
