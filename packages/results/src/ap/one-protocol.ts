import { ProtocolError } from '@retinabench/core/basics';
import { differingSettings } from '../record/differing-settings.js';
import type { ResultRecord } from '../record/record.js';

/**
 * Require that the numbers of two records measure the same thing.
 *
 * @throws {ProtocolError} if their protocols differ (`differingSettings`).
 */
export function requireOneProtocol(baseline: ResultRecord, candidate: ResultRecord): void {
  const settings = differingSettings(baseline, candidate);
  if (settings.length === 0) return;
  throw new ProtocolError(
    `cannot compare protocol ${candidate.protocol.id} with ${baseline.protocol.id}: ${describeSettings(settings, baseline, candidate)}; run both under one protocol`,
  );
}

function describeSettings(names: readonly string[], baseline: ResultRecord, candidate: ResultRecord): string {
  const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));
  return names
    .map((name) => `${name} is ${text(candidate.protocol[name])}, was ${text(baseline.protocol[name])}`)
    .join(', ');
}
