import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core/basics';
import type { Command, Option } from 'commander';
import { printNote } from '../terminal/output.js';
import { configVerbs, type VerbKeys } from './config-verbs.js';
import { type FoundConfig, findConfig } from './find-config.js';

/** The flag of each key, without its dashes. */
const flagOf: Readonly<Record<string, string>> = {
  data: 'data',
  models: 'model',
  backends: 'backend',
  scales: 'scale',
  workers: 'workers',
  threads: 'threads',
  minScore: 'min-score',
  gates: 'config',
  baseline: 'baseline',
};

/** Environment variables that override the configuration, for verbs that read them. */
const variableOf: Readonly<Record<string, string>> = { data: 'RETINABENCH_DATA' };

/**
 * Give a command the values of the configuration for the flags that the command line leaves out. A flag overrides the
 * environment, the environment the configuration, and the configuration the default of the flag. What is taken is printed once and
 * added to the command of records as flags, so that they can be made again without the configuration.
 *
 * @throws {ProtocolError} if the configuration is malformed, or lists several of what the command takes one of.
 */
export async function applyConfig(command: Command): Promise<void> {
  const words = wordsOf(command);
  if (!Object.hasOwn(configVerbs, words)) return;
  const options = command.opts<{
    readonly config?: string | false;
    readonly quiet?: boolean;
    readonly record?: string;
    readonly latency?: string;
    readonly run?: string;
    readonly throughput?: boolean;
    readonly queue?: string;
  }>();
  // The gate's --config names its rules, which are a key of the configuration.
  const named = words === 'gate' ? undefined : options.config;
  if (named === false) return;
  const found = await findConfig(process.cwd(), named);
  if (found === undefined) return;
  const verb = configVerbs[words];
  const taken: string[] = [];
  const flags: string[] = [];
  for (const key of verb.keys) {
    const flag = verb.flags?.[key] ?? flagOf[key];
    const option = command.options.find(({ long }) => long === `--${flag}`);
    const value = found.config[key];
    if (option === undefined || value === undefined || isGiven(command, option.attributeName())) continue;
    const variable = verb.readsVariables === true ? variableOf[key] : undefined;
    if (variable !== undefined && (process.env[variable] ?? '') !== '') continue;
    // A baseline without a record would ask the gate for a comparison that nobody asked for.
    if (key === 'baseline' && options.record === undefined) continue;
    // A model is compared with its base in the history; a command of the user's takes none.
    if (key === 'models' && words === 'gate' && (options.latency === undefined || options.run !== undefined)) continue;
    // Bench has worker processes for its throughput alone, and none of its own with a queue.
    if (key === 'workers' && words === 'bench' && (options.throughput !== true || options.queue !== undefined))
      continue;
    if (key === 'data' && !appliesData(command, verb, found)) continue;
    const text = valueText(found, key, value, verb.lists?.includes(key) === true, words);
    command.setOptionValueWithSource(option.attributeName(), parsedBy(option, value, text), 'config');
    taken.push(`--${flag} ${text}`);
    flags.push(`--${flag}`, text);
  }
  if (taken.length === 0) return;
  // After the words of the verb: what follows `--` is not a flag.
  process.argv.splice(2 + words.split(' ').length, 0, ...flags);
  if (options.quiet === true) return;
  const canLeaveOut = command.options.some(({ long }) => long === '--no-config');
  const remedy = `a flag overrides it${canLeaveOut ? '; --no-config leaves it out' : ''}`;
  printNote(`${found.place}: ${taken.join(' ')} (${remedy})`);
}

function wordsOf(command: Command): string {
  const words: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) words.unshift(at.name());
  return words.join(' ');
}

/** Whether the data set of the configuration is what this command may be asked about. */
function appliesData(command: Command, { dataUnless = [], dataHolds }: VerbKeys, found: FoundConfig): boolean {
  if (dataUnless.some((flag) => isGiven(command, flag))) return false;
  return dataHolds === undefined || existsSync(path.join(found.folder, found.config.data ?? '', dataHolds));
}

/** A value as the flag's own parser gives it: a list, say, where the flag takes one. */
function parsedBy(option: Option, value: string | number | readonly string[], text: string): unknown {
  return typeof value === 'number' && option.parseArg === undefined
    ? value
    : (option.parseArg?.(text, undefined) ?? text);
}

function isGiven(command: Command, attribute: string): boolean {
  const source = command.getOptionValueSource(attribute);
  return source !== undefined && source !== 'default';
}

function valueText(
  { place, folder }: FoundConfig,
  key: string,
  value: string | number | readonly string[],
  lists: boolean,
  words: string,
): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return fromHere(folder, value);
  if (!lists && value.length > 1) {
    throw new ProtocolError(`${place}: ${key}: ${words} takes one, got ${value.length}; name it with --${flagOf[key]}`);
  }
  return value
    .map((item) => (key === 'models' && /[/\\]|\.onnx$/.test(item) ? fromHere(folder, item) : item))
    .join(',');
}

/** A path of the configuration, relative to the working folder. */
function fromHere(folder: string, place: string): string {
  return path.relative(process.cwd(), path.resolve(folder, place)) || '.';
}
