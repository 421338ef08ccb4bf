import { BackendError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import { describeNode, type GraphNode } from '../graph/graph.js';
import type { ConstantStore } from './constants.js';
import type { Value } from './value.js';

/** Where a step finds an input: a constant on the backend, or what an earlier step left. */
export type Operand =
  | { readonly kind: 'constant'; readonly tensor: tf.Tensor }
  | { readonly kind: 'slot'; readonly slot: number };

/** One computation of a plan. */
export interface Step {
  /** The node that it belongs to; none for the conversion of inputs and outputs. */
  readonly node: GraphNode | undefined;
  readonly operands: readonly Operand[];
  readonly slot: number;
  /** Shape of the result as stored. */
  readonly stored: readonly number[];
  readonly kernel: (...tensors: tf.Tensor[]) => tf.Tensor;
}

/** A network planned for one input size. */
export interface Plan {
  readonly steps: readonly Step[];
  /** Per step, the slots whose last use it is. */
  readonly releases: readonly (readonly number[])[];
  /** Slots of the network's inputs, in the order of the graph, and how each is stored. */
  readonly inputs: readonly { readonly slot: number; readonly order: readonly number[] }[];
  /** The network's outputs, stored in ONNX's order. */
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  readonly constants: ConstantStore;
  /** Steps that move bytes between layouts. */
  readonly layoutChanges: number;
  /** Bytes of intermediate tensors at the fullest moment. */
  readonly peakBytes: number;
}

/**
 * Carry out a plan.
 *
 * @param inputs one tensor per input of the network, stored as the plan says; taken over and disposed.
 * @returns one tensor per slot that is an output; the caller disposes them. All other tensors are disposed, also when
 *   a step fails.
 * @throws {BackendError} naming the node that failed.
 */
export function runPlan(plan: Plan, inputs: readonly tf.Tensor[]): Map<number, tf.Tensor> {
  const live = new Map<number, tf.Tensor>(plan.inputs.map(({ slot }, index) => [slot, inputs[index]]));
  let running: Step | undefined;
  try {
    plan.steps.forEach((step, index) => {
      running = step;
      const tensors = step.operands.map((operand) =>
        operand.kind === 'constant' ? operand.tensor : (live.get(operand.slot) as tf.Tensor),
      );
      live.set(
        step.slot,
        tf.tidy(() => step.kernel(...tensors)),
      );
      for (const slot of plan.releases[index]) {
        live.get(slot)?.dispose();
        live.delete(slot);
      }
    });
    return live;
  } catch (cause) {
    for (const tensor of live.values()) tensor.dispose();
    const where = running?.node ? `${describeNode(running.node)}: ` : '';
    throw new BackendError(`${where}${(cause as Error).message}`, { cause });
  }
}

/** Per step the slots that nothing reads afterwards, outputs and unread inputs excepted; and the peak of live bytes. */
export function planReleases(
  steps: readonly Step[],
  inputs: readonly number[],
  outputs: ReadonlySet<number>,
  slotBytes: readonly number[],
): { releases: number[][]; peakBytes: number } {
  const lastUse = new Map<number, number>(inputs.map((slot) => [slot, 0]));
  steps.forEach((step, index) => {
    lastUse.set(step.slot, index);
    for (const operand of step.operands) if (operand.kind === 'slot') lastUse.set(operand.slot, index);
  });
  const releases: number[][] = steps.map(() => []);
  for (const [slot, index] of lastUse) if (!outputs.has(slot)) releases[index]?.push(slot);
  let liveBytes = inputs.reduce((sum, slot) => sum + slotBytes[slot], 0);
  let peakBytes = liveBytes;
  steps.forEach((step, index) => {
    liveBytes += slotBytes[step.slot];
    peakBytes = Math.max(peakBytes, liveBytes);
    for (const slot of releases[index]) liveBytes -= slotBytes[slot];
  });
  return { releases, peakBytes };
}
