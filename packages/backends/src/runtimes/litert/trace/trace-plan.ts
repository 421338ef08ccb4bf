import { BackendError, ModelError } from '@retinabench/core';
import type { TfliteModel, TfliteType } from '@retinabench/models';
import * as tf from '@tensorflow/tfjs-core';
import { describeNode, type Graph } from '../../tfjs/graph/graph.js';
import type { Plan, Step } from '../../tfjs/plan/plan.js';
import { knownTensor } from '../../tfjs/plan/value.js';
import { type Recorded, Recorder } from './recorder.js';
import { missingKernel, traceBackend } from './trace-backend.js';

/** Where an output of the network is found. */
export type TracedOutput =
  | { readonly name: string; readonly kind: 'tensor'; readonly position: number; readonly dims: readonly number[] }
  | {
      readonly name: string;
      readonly kind: 'known';
      readonly values: readonly number[];
      readonly dims: readonly number[];
    };

/** A plan as a TensorFlow Lite network. */
export interface TracedPlan {
  readonly model: TfliteModel;
  readonly outputs: readonly TracedOutput[];
}

/**
 * Record a plan as a TensorFlow Lite network. Has to run while the recording backend is TensorFlow.js's current one.
 *
 * @param graph      the network that was planned; names and types of its inputs are the file's.
 * @param plan       made on a backend that computes.
 * @param inputDims  dimensions in ONNX's order, one list per input.
 * @throws {ModelError} naming the node whose operator TensorFlow Lite lacks.
 * Cost: O(nodes + weights).
 */
export function tracePlan(graph: Graph, plan: Plan, inputDims: readonly (readonly number[])[]): TracedPlan {
  const backend = traceBackend();
  const recorder = new Recorder();
  backend.recordInto(recorder);
  try {
    const fed = plan.inputs.map(({ order }, index) => {
      const { name, elementType } = graph.inputs[index];
      const dims = order.map((axis) => inputDims[index][axis]);
      return recorder.input(name, dims, fedType(elementType));
    });
    const live = new Map<number, Recorded>(
      plan.inputs.map(({ slot }, index) => [slot, asPlanned(recorder, fed[index], graph.inputs[index].elementType)]),
    );
    for (const step of plan.steps) live.set(step.slot, traceStep(graph, step, live));
    const made: { readonly name: string; readonly recorded: Recorded }[] = [];
    const outputs = plan.outputs.map(({ name, value }): TracedOutput => {
      const known = knownTensor(value);
      if (known) return { name, kind: 'known', values: Array.from(known.data), dims: value.dims };
      const recorded = asOutput(recorder, live.get((value.source as { slot: number }).slot) as Recorded, fed);
      const at = made.findIndex((other) => other.recorded.index === recorded.index);
      return { name, kind: 'tensor', position: at < 0 ? made.push({ name, recorded }) - 1 : at, dims: value.dims };
    });
    return { model: recorder.finish(`${graph.place} for TensorFlow Lite`, fed, made), outputs };
  } finally {
    backend.recordInto(undefined);
  }
}

/** Truth values and small integers are fed as int32: the runtime takes no more types than it has to. */
function fedType(elementType: string): TfliteType {
  return elementType.startsWith('float') ? 'float32' : 'int32';
}

function asPlanned(recorder: Recorder, fed: Recorded, elementType: string): Recorded {
  return elementType === 'bool' ? recorder.cast(fed, 'bool') : fed;
}

/** An output is float32 or int32 and no input. */
function asOutput(recorder: Recorder, value: Recorded, fed: readonly Recorded[]): Recorded {
  if (value.type === 'bool') return recorder.cast(value, 'int32');
  if (!value.values && !fed.includes(value)) return value;
  return recorder.node('RESHAPE', [value, recorder.integers(value.dims)], value.dims);
}

function traceStep(graph: Graph, step: Step, live: ReadonlyMap<number, Recorded>): Recorded {
  const backend = traceBackend();
  let made: Recorded | undefined;
  try {
    // All that is made stands for something recorded, and goes when the step ends.
    tf.tidy(() => {
      const tensors = step.operands.map((operand) =>
        operand.kind === 'constant' ? operand.tensor : backend.tensorOf(live.get(operand.slot) as Recorded),
      );
      made = backend.recordedOf(step.kernel(...tensors));
    });
    return made as unknown as Recorded;
  } catch (cause) {
    const where = step.node ? `${describeNode(step.node)}: ` : '';
    const kernel = missingKernel((cause as Error).message);
    if (kernel === undefined) throw new BackendError(`${graph.place}: ${where}${(cause as Error).message}`, { cause });
    throw new ModelError(
      `${graph.place}: ${where}TensorFlow Lite has no counterpart of ${kernel}; use ort-node or ort-wasm for this model`,
      { cause },
    );
  }
}
