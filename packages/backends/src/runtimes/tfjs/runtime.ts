import { BackendError } from '@retinabench/core';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendId } from '../../backend/backend.js';

/** What a TensorFlow.js session needs to know of its runtime. */
export interface TfjsRuntime {
  readonly id: BackendId;
  /** TensorFlow.js's own name of the backend: `wasm`, `cpu`, `webgl`, `tensorflow`. */
  readonly tfName: string;
  /** Most bytes of intermediate tensors that a run may need at once; beyond, the run is refused before it starts. */
  readonly memoryLimitBytes: number;
}

/** TensorFlow.js has one current backend per process; a computation waits here for its turn. */
let turns: Promise<unknown> = Promise.resolve();

/**
 * Run `action`, which must compute synchronously, with the runtime's backend as TensorFlow.js's current one. Sessions of
 * several backends may so take turns in one process.
 *
 * @throws {BackendError} if the backend does not start.
 */
export function onBackend<T>(runtime: TfjsRuntime, action: () => T): Promise<T> {
  const turn = turns.then(async () => {
    if (tf.getBackend() !== runtime.tfName) await start(runtime);
    return action();
  });
  turns = turn.catch(() => undefined);
  return turn;
}

async function start({ id, tfName }: TfjsRuntime): Promise<void> {
  let reason = 'it reported a failure';
  try {
    if (await tf.setBackend(tfName)) return;
  } catch (cause) {
    reason = (cause as Error).message;
  }
  throw new BackendError(`backend ${id}: TensorFlow.js cannot start its backend "${tfName}" here: ${reason}`);
}
