import * as tf from '@tensorflow/tfjs-core';
import { graphFromOnnx } from '../tfjs/graph/from-onnx.js';
import { simplify } from '../tfjs/graph/simplify.js';
import { prepareFixedSize } from '../tfjs/prepare-fixed-size.js';
import type { LitertRuntime } from './litert-runtime.js';
import { LitertSession } from './litert-session.js';
import { loadPlanning } from './planning.js';

/**
 * Load an .onnx on LiteRT. A network whose input size is fixed is written at once, so that anything unsupported shows here
 * and not at the first run.
 *
 * @param model bytes of the .onnx.
 * @param place the file's name, for messages.
 * @throws {ModelError} if the bytes are no model, or naming the node that is not supported.
 */
export async function createLitertSession(
  model: Uint8Array,
  place: string,
  runtime: LitertRuntime,
): Promise<LitertSession> {
  tf.enableProdMode();
  await loadPlanning();
  const graph = simplify(graphFromOnnx(model, place));
  const session = new LitertSession(graph, runtime);
  return prepareFixedSize(session, graph, (inputDims) => session.networkFor(inputDims));
}
