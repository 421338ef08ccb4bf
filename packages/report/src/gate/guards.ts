import type { ConfiguredRule, GateConfig } from './config.js';
import { ruleFamilies } from './rules.js';

/** Whether a rule is judged by an interleaved run: times, start, memory and faces found. */
export function isInterleaved({ family }: ConfiguredRule): boolean {
  return family.prefix === 'latency' || family.guards !== undefined;
}

/**
 * The rules of an interleaved run: those of the configuration, and as a guard each of the table that it neither names nor
 * switches off. Without a configuration guards have the level of the table, beside one they warn: all that it names
 * decides. A head that finds no face fails either way.
 */
export function interleavedRules(config: GateConfig): ConfiguredRule[] {
  const isConfigured = config.rules.some(({ explicit }) => explicit);
  const asked = config.rules.filter(
    (rule) => isInterleaved(rule) && (rule.explicit || rule.family.guards === undefined),
  );
  const known = new Set([...asked.map(({ key }) => key), ...config.off]);
  const guards = ruleFamilies.flatMap((family) =>
    (family.guards?.subjects ?? []).map((subject): ConfiguredRule => {
      const { level = 'warn', options } = family.guards ?? {};
      return {
        key: `${family.prefix}.${subject}`,
        family,
        subject,
        level: isConfigured && family.judge === undefined ? 'warn' : level,
        options: (isConfigured ? options : undefined) ?? family.defaultOptions,
        explicit: false,
      };
    }),
  );
  return [...asked, ...guards.filter(({ key }) => !known.has(key))];
}

/**
 * The rules for two records: those of the configuration and, where it rules on times, on faces found: a record that finds
 * none is fast because it does nothing.
 */
export function recordRules(config: GateConfig): readonly ConfiguredRule[] {
  const timed = config.rules.some(({ family }) => family.prefix === 'latency');
  if (!timed || config.rules.some(({ key }) => key === 'faces.found')) return config.rules;
  return [
    ...config.rules,
    ...interleavedRules(config).filter(({ key, explicit }) => key === 'faces.found' && !explicit),
  ];
}
