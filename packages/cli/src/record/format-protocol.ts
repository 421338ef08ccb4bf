import { type ProtocolSettings, protocolId } from '@retinabench/results';

/** Longest line in columns; a single setting may exceed it. */
const lineWidth = 120;

/**
 * A protocol's id and all its settings as text for a terminal: `protocol <id>: name=value ...`, wrapped between settings and
 * never within one, continuation lines indented by two. Values with spaces are quoted, lists are joined by commas.
 *
 * @param protocol the settings; an `id` among them is not repeated.
 */
export function formatProtocol(protocol: ProtocolSettings): string {
  const settings = Object.entries(protocol)
    .filter(([name]) => name !== 'id')
    .map(([name, value]) => `${name}=${formatValue(value)}`);
  const lines = [`protocol ${protocolId(protocol)}:`];
  for (const setting of settings) {
    const longer = `${lines.at(-1)} ${setting}`;
    if (longer.length > lineWidth) lines.push(`  ${setting}`);
    else lines[lines.length - 1] = longer;
  }
  return lines.join('\n');
}

function formatValue(value: ProtocolSettings[string]): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return /\s/.test(text) ? JSON.stringify(text) : text;
}
