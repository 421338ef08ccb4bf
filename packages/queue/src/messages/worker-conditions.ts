import { objectSchema } from '@retinabench/core';

/** What of a machine and its installation takes part in the numbers. */
export interface WorkerConditions {
  readonly code: { readonly version: string; readonly sha256: string };
  readonly backend: { readonly id: string; readonly version: string };
  /** What others wrote and that takes part, by name. */
  readonly runtimes: Readonly<Record<string, string>>;
  /** Processor architecture and the vector instructions that runtimes choose their kernels by. */
  readonly cpu: string;
}

/** In what a worker may be allowed to differ. */
export const conditionKinds = ['code', 'runtime', 'cpu'] as const;

/** One of them. */
export type ConditionKind = (typeof conditionKinds)[number];

const text = { type: 'string' } as const;

/** `WorkerConditions` as JSON Schema. */
export const conditionsSchema = objectSchema({
  code: objectSchema({ version: text, sha256: text }),
  backend: objectSchema({ id: text, version: text }),
  runtimes: { type: 'object', additionalProperties: text },
  cpu: text,
});

/** A difference between two machines. */
export interface ConditionDifference {
  readonly kind: ConditionKind;
  /** `cpu: x64 avx2 here, x64 avx512 asked for`. */
  readonly text: string;
}

/** In which of the kinds a difference is, told by its text. */
export function conditionKindOf(difference: string): ConditionKind {
  if (difference.startsWith('code: ')) return 'code';
  return difference.startsWith('cpu: ') ? 'cpu' : 'runtime';
}

/**
 * In what a worker differs from what a run asks for. The backend itself is no condition: a worker runs the one that the
 * run names, or refuses it.
 */
export function compareConditions(asked: WorkerConditions, own: WorkerConditions): ConditionDifference[] {
  const differences: ConditionDifference[] = [];
  const compare = (kind: ConditionKind, what: string, here = 'none', there = 'none'): void => {
    if (here !== there) differences.push({ kind, text: `${what}: ${here} here, ${there} asked for` });
  };
  const build = ({ version, sha256 }: WorkerConditions['code']): string => `${version}+${sha256.slice(0, 12)}`;
  compare('code', 'code', build(own.code), build(asked.code));
  compare('runtime', `backend ${asked.backend.id}`, own.backend.version, asked.backend.version);
  for (const name of new Set([...Object.keys(asked.runtimes), ...Object.keys(own.runtimes)])) {
    compare('runtime', name, own.runtimes[name], asked.runtimes[name]);
  }
  compare('cpu', 'cpu', own.cpu, asked.cpu);
  return differences;
}
