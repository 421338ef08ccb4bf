import { versionAndDevice } from '@retinabench/backends/settings';
import { objectSchema } from '@retinabench/core';
import { boundedText } from './bounded.js';
import type { ConditionKind } from './condition-kinds.js';

/** What of a machine and its installation takes part in the numbers. */
export interface WorkerConditions {
  readonly code: { readonly version: string; readonly sha256: string };
  /** Behind its version, ` on NAME`, stands the device that it computes on, where that is not the processor. */
  readonly backend: { readonly id: string; readonly version: string };
  /** What others wrote and that takes part, by name; `chromium webgpu` names what a browser computes on. */
  readonly runtimes: Readonly<Record<string, string>>;
  /** Processor architecture and the vector instructions that runtimes choose their kernels by. */
  readonly cpu: string;
}

/** `WorkerConditions` as JSON Schema. */
export const conditionsSchema = objectSchema({
  code: objectSchema({ version: boundedText, sha256: boundedText }),
  backend: objectSchema({ id: boundedText, version: boundedText }),
  runtimes: { type: 'object', additionalProperties: boundedText },
  cpu: boundedText,
});

/** A difference between two machines. */
export interface ConditionDifference {
  readonly kind: ConditionKind;
  /** `cpu: x64 avx2 here, x64 avx512 asked for`. */
  readonly text: string;
}

/** Names under which runtimes name a device: of a browser, by the interface that reaches it. */
const deviceName = /^device | (webgpu|webgl)$/;

/** In which of the kinds a difference is, told by its text. */
export function conditionKindOf(difference: string): ConditionKind {
  const name = difference.slice(0, Math.max(difference.indexOf(': '), 0));
  if (name === 'code' || name === 'cpu') return name;
  return deviceName.test(name) ? 'device' : 'runtime';
}

/**
 * In what a worker differs from what a run asks for. The backend itself is no condition: a worker runs the one that the
 * run names, or refuses it.
 */
export function compareConditions(asked: WorkerConditions, own: WorkerConditions): ConditionDifference[] {
  const differences: ConditionDifference[] = [];
  const compare = (what: string, here = 'none', there = 'none'): void => {
    if (here === there) return;
    const text = `${what}: ${here} here, ${there} asked for`;
    differences.push({ kind: conditionKindOf(text), text });
  };
  const build = ({ version, sha256 }: WorkerConditions['code']): string => `${version}+${sha256.slice(0, 12)}`;
  compare('code', build(own.code), build(asked.code));
  const [here, there] = [own, asked].map(({ backend }) => versionAndDevice(backend.version));
  compare(`backend ${asked.backend.id}`, here.version, there.version);
  compare(`device of ${asked.backend.id}`, here.device, there.device);
  for (const name of new Set([...Object.keys(asked.runtimes), ...Object.keys(own.runtimes)])) {
    compare(name, own.runtimes[name], asked.runtimes[name]);
  }
  compare('cpu', own.cpu, asked.cpu);
  return differences;
}
