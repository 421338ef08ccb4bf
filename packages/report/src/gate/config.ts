import {
  describeJson,
  describeViolations,
  type JsonContract,
  ProtocolError,
  readJson,
  shortenText,
  validateJson,
} from '@retinabench/core';
import { closest } from '../format/closest.js';
import { type Allowance, allowances } from './allowance.js';
import { familyOf } from './family-of.js';
import type { Level } from './result.js';
import type { RuleFamily, RuleOptions } from './rule-family.js';
import { ruleFamilies } from './rules.js';

/** One rule as configured. */
export interface ConfiguredRule {
  readonly key: string;
  readonly family: RuleFamily;
  /** The part of the key after the family's prefix: `hard` of `ap.hard`. */
  readonly subject: string;
  readonly level: Level;
  readonly options: RuleOptions;
  /** Whether the user asked for it by name: then a record without its number fails it. */
  readonly explicit: boolean;
}

/** The configuration of a gate. */
export interface GateConfig {
  readonly rules: readonly ConfiguredRule[];
  /** Differences that make a check `not comparable` without failing the gate. */
  readonly allow: readonly Allowance[];
  /** Whether an inconclusive check of level `error` fails the gate. */
  readonly inconclusive: 'warn' | 'fail';
  /** Keys of the rules that it switches off. */
  readonly off: readonly string[];
}

/** What a configuration says beside rules at the top level. */
const settingProperties = {
  $schema: { type: 'string' },
  rules: { type: 'object' },
  allow: { type: 'array', items: { type: 'string', enum: allowances } },
  inconclusive: { type: 'string', enum: ['warn', 'fail'] },
} as const;

interface Settings {
  readonly rules?: Readonly<Record<string, unknown>>;
  readonly allow?: readonly Allowance[];
  readonly inconclusive?: 'warn' | 'fail';
}

const contract: JsonContract = {
  schema: { type: 'object', properties: settingProperties },
  what: 'a gate configuration',
  next: 'see docs/gates.md',
  ErrorClass: ProtocolError,
};

/**
 * Read a gate's configuration: an object of rules, `"ap.hard": ["error", { "maxDrop": 0.002 }]`, at the top level or
 * under `rules`, with the settings `allow` and `inconclusive` beside them. A level alone takes the rule's default
 * options; `off` removes the rule.
 *
 * @param place the file's name, for messages.
 * @throws {ProtocolError} if the text is not JSON, a key is unknown or appears twice, or an option is unknown or out of range: a gate
 * that ignored a misspelt rule would pass for ever.
 */
export function parseGateConfig(json: string, place: string): GateConfig {
  const value = readJson<Settings>(json, place, contract);
  const entries: [string, unknown][] = Object.entries(value).filter(([key]) => !Object.hasOwn(settingProperties, key));
  for (const [key, entry] of Object.entries(value.rules ?? {})) {
    if (entries.some(([other]) => other === key)) {
      throw new ProtocolError(`${place}: ${shortenText(key)}: given twice, at the top level and under rules; keep one`);
    }
    entries.push([key, entry]);
  }
  const rules = entries.flatMap(([key, entry]) => parseRule(key, entry, place));
  const off = entries.filter(([, entry]) => (Array.isArray(entry) ? entry[0] : entry) === 'off').map(([key]) => key);
  return {
    rules,
    off,
    allow: value.allow ?? [],
    inconclusive: value.inconclusive ?? 'warn',
  };
}

/** The rules of a gate without a configuration; each applies where the records have its number. */
export function defaultGateConfig(): GateConfig {
  const rules = ruleFamilies.flatMap((family) =>
    family.defaults.map(({ subject, level, options }) => ({
      key: `${family.prefix}.${subject}`,
      family,
      subject,
      level,
      options: options ?? family.defaultOptions,
      explicit: false,
    })),
  );
  return { rules, off: [], allow: [], inconclusive: 'warn' };
}

function parseRule(key: string, entry: unknown, place: string): ConfiguredRule[] {
  const { family, subject } = findFamily(key, place);
  const [level, options, ...rest] = Array.isArray(entry) ? (entry as unknown[]) : [entry];
  if (level !== 'error' && level !== 'warn' && level !== 'off') {
    throw new ProtocolError(
      `${place}: ${shortenText(key)}: expected a level, "error", "warn" or "off", alone or first in a list, got ${describeJson(level)}`,
    );
  }
  if (rest.length > 0) {
    throw new ProtocolError(
      `${place}: ${shortenText(key)}: expected [level, options], got a list of ${rest.length + 2}`,
    );
  }
  const chosen = options ?? family.defaultOptions;
  const violations = validateJson(family.optionsSchema, chosen);
  if (violations.length > 0) {
    const known = Object.keys(family.optionsSchema.properties ?? {}).join(', ');
    throw new ProtocolError(
      `${place}: ${shortenText(key)}: ${describeViolations(violations)}; its options are ${known}`,
    );
  }
  if (Object.keys(chosen).length === 0) {
    throw new ProtocolError(
      `${place}: ${shortenText(key)}: no option given, so nothing would be checked; leave {} out for the defaults`,
    );
  }
  return level === 'off' ? [] : [{ key, family, subject, level, options: chosen as RuleOptions, explicit: true }];
}

function findFamily(key: string, place: string): { family: RuleFamily; subject: string } {
  const found = familyOf(key);
  if (found !== undefined) return found;
  const examples = ruleFamilies.flatMap((family) => family.examples.map((subject) => `${family.prefix}.${subject}`));
  const near = closest(key, [...examples, ...Object.keys(settingProperties)]);
  const hint = near === undefined ? '' : ` did you mean ${near}?`;
  throw new ProtocolError(
    `${place}: ${shortenText(key)}: no such rule or setting;${hint} rules are ${examples.join(', ')}`,
  );
}
