import type { ResultRecord } from './record.js';

/** What a card says of its network's input and of its outputs. */
const settingsOfCards = /^(?:input|decoder)\./;

/**
 * The settings in which the protocols of two records differ. How a network takes its input and gives its boxes belongs to
 * the network: between records of two networks (another SHA-256) these settings are no difference of protocol; between
 * two records of one network they are, since its card was changed.
 *
 * @returns their names, sorted, without `id`; empty if the records stand under one protocol.
 */
export function differingSettings(baseline: ResultRecord, record: ResultRecord): string[] {
  const names = new Set([...Object.keys(baseline.protocol), ...Object.keys(record.protocol)]);
  names.delete('id');
  const [before, after] = [baseline.model?.sha256, record.model?.sha256];
  const areTwoNetworks = before !== undefined && after !== undefined && before !== after;
  return [...names]
    .filter((name) => !(areTwoNetworks && settingsOfCards.test(name)))
    .filter((name) => JSON.stringify(baseline.protocol[name]) !== JSON.stringify(record.protocol[name]))
    .sort();
}
