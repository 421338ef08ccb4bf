import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { chooseEngine } from '../src/engine.js';

/** The engines to test: WebAssembly, and TensorFlow's native library where the optional @tensorflow/tfjs-node is installed. */
export const engines: readonly string[] = [...new Set(['wasm', await chooseEngine()])];

/** Let TensorFlow.js compute with an engine. */
export async function useEngine(name: string): Promise<void> {
  await tf.setBackend(name);
  await tf.ready();
}
