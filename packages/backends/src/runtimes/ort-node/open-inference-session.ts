import type { InferenceSession } from 'onnxruntime-common';
import type { SessionOptions } from '../../backend/backend.js';
import { loadOnnxRuntime } from './load-onnx-runtime.js';

/**
 * A session of ONNX Runtime's native build, quiet and optimised, whose threads sleep while they wait.
 *
 * @param provider execution provider, as ONNX Runtime names it.
 * @param more options of ONNX Runtime beside these.
 */
export async function openInferenceSession(
  provider: string,
  model: Uint8Array,
  options: SessionOptions,
  more: InferenceSession.SessionOptions = {},
): Promise<InferenceSession> {
  const ort = await loadOnnxRuntime();
  return ort.InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 4,
    ...more,
  });
}
