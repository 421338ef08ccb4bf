import { BackendError } from '@retinabench/core';
import type { TfliteModel } from '@retinabench/models';
import type { Graph } from '../tfjs/graph/graph.js';
import type { SessionStores } from '../tfjs/plan/planner.js';
import { planStages } from '../tfjs/plan/staged-plan.js';
import { onBackend } from '../tfjs/runtime.js';
import { planningRuntime, recordingRuntime } from './planning.js';
import { type TracedOutput, tracePlan } from './trace/trace-plan.js';

/** A network for one input size as LiteRT takes it. */
export interface ConvertedGraph {
  readonly model: TfliteModel;
  /** How each input is stored: position p holds ONNX axis `order[p]`. */
  readonly inputOrders: readonly (readonly number[])[];
  readonly outputs: readonly TracedOutput[];
  /** What depends on the content of the input and is carried out in JavaScript after each run. */
  readonly tail?: Graph;
}

/**
 * Write a network as a TensorFlow Lite file for one input size: the plan of the TensorFlow.js backends, recorded.
 *
 * @param graph    simplified.
 * @param inputDims dimensions in ONNX's order, one list per input.
 * @param memoryLimitBytes of intermediate tensors.
 * @throws {ModelError} naming the node that cannot be planned, or that TensorFlow Lite has no counterpart of.
 * @throws {BackendError} if the intermediate tensors would not fit the runtime's memory.
 * Cost: O(nodes + weights); 0.1 to 0.3 s for a detector.
 */
export async function convertGraph(
  graph: Graph,
  inputDims: readonly (readonly number[])[],
  stores: SessionStores,
  memoryLimitBytes: number,
): Promise<ConvertedGraph> {
  const staged = await onBackend(planningRuntime, () => planStages(graph, inputDims, stores));
  try {
    const { peakBytes } = staged.head;
    if (peakBytes > memoryLimitBytes) {
      throw new BackendError(
        `${graph.place}: an input of [${inputDims.map((dims) => dims.join(', ')).join('] and [')}] needs ` +
          `${Math.ceil(peakBytes / 2 ** 20)} MiB of intermediate tensors, backend litert-wasm has ` +
          `${Math.floor(memoryLimitBytes / 2 ** 20)} MiB; choose a smaller --scale or --backend ort-node`,
      );
    }
    const traced = await onBackend(recordingRuntime, () => tracePlan(graph, staged.head, inputDims));
    return {
      model: traced.model,
      inputOrders: staged.head.inputs.map(({ order }) => order),
      outputs: traced.outputs,
      ...(staged.tail ? { tail: staged.tail } : {}),
    };
  } finally {
    // What else uses TensorFlow.js in this process finds a backend that computes.
    await onBackend(planningRuntime, () => staged.head.constants.dispose());
  }
}
