import type { Recorded, Recorder } from './recorder.js';

/** What a TensorFlow.js kernel is called with, its tensors recorded. */
export interface KernelCall {
  readonly record: Recorder;
  /** An input that the kernel has. */
  input(name: string): Recorded;
  /** All inputs of a kernel that takes any number, in their order. */
  readonly inputs: readonly Recorded[];
  /** Whether the kernel got this input. */
  has(name: string): boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Records what a TensorFlow.js kernel computes in operators of TensorFlow Lite, and gives the result. */
export type Kernel = (call: KernelCall) => Recorded;

/** A number attribute. */
export function numberOf(call: KernelCall, name: string): number {
  return call.attributes[name] as number;
}

/** A list attribute; a single number is a list of one. */
export function listOf(call: KernelCall, name: string): number[] {
  const value = call.attributes[name] as number | readonly number[];
  return typeof value === 'number' ? [value] : [...value];
}
