import type { TfjsRuntime } from '../tfjs/runtime.js';
import { traceBackend, traceBackendName } from './trace/trace-backend.js';

/** The backend of TensorFlow.js that computes constants while a network is planned, and what depends on content. */
export const planningRuntime: TfjsRuntime = { id: 'litert-wasm', tfName: 'cpu', memoryLimitBytes: 2 ** 32 };

/** The backend of TensorFlow.js that records. */
export const recordingRuntime: TfjsRuntime = { id: 'litert-wasm', tfName: traceBackendName, memoryLimitBytes: 2 ** 32 };

/** Load what planning and recording need. */
export async function loadPlanning(): Promise<void> {
  await import('@tensorflow/tfjs-backend-cpu');
  traceBackend();
}
