import { DatasetError, parseUniqueJson } from '@retinabench/core';

/** What a measuring command may print beside its stages, where it prints no `latencyMs`. */
const outcomes: ReadonlySet<string> = new Set(['faces', 'onceMs', 'memoryPeakBytes', 'metrics', 'protocol']);

/**
 * What a measuring command printed: its standard output as JSON, or the last line of it.
 *
 * @param place names the command, for messages.
 * @throws {DatasetError} if neither is JSON in which every key stands once.
 */
export function parseOutput(stdout: string, place: string): unknown {
  const lines = stdout.trim().split('\n');
  for (const candidate of [stdout, lines[lines.length - 1]]) {
    try {
      return parseUniqueJson(candidate);
    } catch {
      // The command may print other lines first: then its last one counts.
    }
  }
  throw new DatasetError(
    `${place}: expected times as JSON on standard output, got ${JSON.stringify(stdout.slice(0, 80))}; print a list of milliseconds`,
  );
}

/** The stages of an output by name; a list or a number alone is the stage `total`. */
export function stagesOf(value: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(value) || typeof value === 'number') return { total: value };
  if (!isObject(value)) return {};
  const { latencyMs } = value;
  if (latencyMs === undefined) return Object.fromEntries(Object.entries(value).filter(([name]) => !outcomes.has(name)));
  if (Array.isArray(latencyMs) || typeof latencyMs === 'number') return { total: latencyMs };
  return isObject(latencyMs) ? latencyMs : {};
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
