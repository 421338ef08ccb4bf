import type { ProjectConfig } from './project-config.js';

/** What a verb takes from the configuration. */
export interface VerbKeys {
  readonly keys: readonly (keyof ProjectConfig)[];
  /** Keys of which it takes a list; of all others one value. */
  readonly lists?: readonly (keyof ProjectConfig)[];
  /** It reads the environment variables of its keys. */
  readonly readsVariables?: true;
  /** Flags that a key has here instead of its usual one. */
  readonly flags?: Readonly<Partial<Record<keyof ProjectConfig, string>>>;
  /** The key `data` is left out where one of these flags is given: it says by itself where the annotations lie. */
  readonly dataUnless?: readonly string[];
  /** The key `data` is left out where its folder lacks this one: it is of another kind. */
  readonly dataHolds?: string;
}

const detector = ['models', 'backends', 'scales', 'workers', 'threads'] as const;
const lists = ['models', 'backends', 'scales'] as const;
const widerMatrix: VerbKeys = { keys: ['data', ...detector], lists, readsVariables: true };
const templates = { dataUnless: ['meta'], dataHolds: 'meta' } as const;

/** By the words of the command line; no other verb reads the configuration. */
export const configVerbs: Readonly<Record<string, VerbKeys>> = {
  'wider easy': widerMatrix,
  'wider medium': widerMatrix,
  'wider hard': widerMatrix,
  'wider all': widerMatrix,
  'wider predict': { keys: ['data', ...detector], readsVariables: true },
  'wider merge': { keys: ['data'], readsVariables: true },
  'wider score': { keys: ['data'], readsVariables: true, dataUnless: ['gt'] },
  'wider loss': { keys: ['data', 'models', 'backends', 'scales', 'threads'], readsVariables: true },
  eval: { keys: ['data', ...detector], lists },
  score: { keys: ['data'], flags: { data: 'gt' } },
  detect: { keys: [...detector, 'minScore'], lists },
  bench: { keys: detector, lists: ['models', 'backends'] },
  parity: { keys: ['data', 'models', 'backends', 'scales', 'threads'], lists: ['backends'], readsVariables: true },
  'landmarks eval': { keys: detector },
  'ijbc extract': { keys: ['data', ...detector], ...templates },
  'ijbc verify': { keys: ['data'], ...templates },
  'ijbc identify': { keys: ['data'], ...templates },
  'ijbc compare': { keys: ['data'], ...templates },
  gate: { keys: ['gates', 'baseline', 'models'], lists: ['models'] },
};
