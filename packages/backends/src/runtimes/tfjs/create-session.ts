import * as tf from '@tensorflow/tfjs-core';
import { graphFromOnnx } from './graph/from-onnx.js';
import { simplify } from './graph/simplify.js';
import { prepareFixedSize } from './prepare-fixed-size.js';
import type { TfjsRuntime } from './runtime.js';
import { TfjsSession } from './tfjs-session.js';

/**
 * Load an .onnx on TensorFlow.js. A network whose input size is fixed is planned at once, so that anything unsupported
 * shows here and not at the first run.
 *
 * @param model bytes of the .onnx.
 * @param place the file's name, for messages.
 * @throws {ModelError} if the bytes are no model, or naming the node that is not supported.
 */
export async function createTfjsSession(model: Uint8Array, place: string, runtime: TfjsRuntime): Promise<TfjsSession> {
  tf.enableProdMode();
  const graph = simplify(graphFromOnnx(model, place));
  const session = new TfjsSession(graph, runtime);
  return prepareFixedSize(session, graph, (inputDims) => session.planFor(inputDims));
}
