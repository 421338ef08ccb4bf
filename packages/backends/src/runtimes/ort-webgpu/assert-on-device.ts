import { BackendError } from '@retinabench/core';
import type { InferenceSession } from 'onnxruntime-common';
import { consoleLinesOf } from './console-lines.js';
import { type NamedNetwork, type PlacedNode, type Placement, readPlacementLog } from './placement-log.js';

/** Most nodes that a message names. */
const namedNodes = 3;

/**
 * Assert that a network runs on WebGPU as a whole. ONNX Runtime gives what its WebGPU build lacks to the processor without a word,
 * but for a log at its most verbose level; so a session is made for that log alone, since one that logs so also does in every run.
 *
 * @param sharesWithCpu whether the processor may have a part; then some part of it must be on the GPU.
 * @param create makes a session with these options beside the usual ones.
 * @returns that session, to be released when there is another: ONNX Runtime gives up the GPU with its last one.
 * @throws {BackendError} with the nodes that would run on the processor, or if ONNX Runtime does not tell where nodes run.
 * Cost: loading the network once more.
 */
export async function assertOnDevice(
  { bytes, onShapes }: NamedNetwork,
  place: string,
  sharesWithCpu: boolean,
  create: (bytes: Uint8Array, options: InferenceSession.SessionOptions) => Promise<InferenceSession>,
): Promise<InferenceSession> {
  const { lines, result: session } = await consoleLinesOf(() =>
    create(bytes, { logSeverityLevel: 0, logVerbosityLevel: 0 }),
  );
  const complaint = complaintOf(readPlacementLog(lines), onShapes, sharesWithCpu);
  if (complaint === undefined) return session;
  // Later: the GPU is given up with it, which whoever watches it would take for the reason.
  setTimeout(() => session.release(), 0);
  throw new BackendError(`${place}: ort-webgpu: ${complaint}`);
}

/** What is wrong with a placement, and what to do; undefined: nothing. */
function complaintOf(
  placement: Placement | undefined,
  onShapes: ReadonlySet<string>,
  sharesWithCpu: boolean,
): string | undefined {
  if (placement === undefined) return "where nodes run cannot be told from ONNX Runtime's log; choose ort-wasm";
  const { onDevice } = placement;
  if (onDevice === 0) return 'no node would run on the GPU; choose ort-wasm';
  const onCpu = placement.onCpu.filter((node) => !isOnShapes(node, onShapes));
  if (onCpu.length === 0 || sharesWithCpu) return undefined;
  const more = onCpu.length - namedNodes;
  const names = onCpu.slice(0, namedNodes).map(({ operator, name }) => `${name.replace(isOfFile, '')} (${operator})`);
  return `${onCpu.length} of ${onDevice + onCpu.length} nodes would run on the processor: ${names.join(', ')}${
    more > 0 ? ` and ${more} more` : ''
  }; choose ort-wasm, or accept it: ort-webgpu+cpu`;
}

/** A node of the file has a number before its name (nameNodes); one that ONNX Runtime adds has none. */
const isOfFile = /^\d+:/;

/**
 * Whether a node computes on shapes. Where ONNX Runtime stores images channels last, it puts a Gather of its own behind each Shape, which
 * brings the lengths back into order; WebGPU has Gather, so that one on the processor is no other.
 */
function isOnShapes({ operator, name }: PlacedNode, onShapes: ReadonlySet<string>): boolean {
  if (onShapes.has(name) || operator === 'Shape' || operator === 'Size') return true;
  return operator === 'Gather' && !isOfFile.test(name);
}
