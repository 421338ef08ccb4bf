import * as tf from '@tensorflow/tfjs-core';

/** The optional package: no literal, so that neither the compiler nor a bundler looks for it. */
const nativePackage: string = '@tensorflow/tfjs-node';

/**
 * Choose the fastest engine that is there: TensorFlow's native library where the optional @tensorflow/tfjs-node is
 * installed (tools/build-tfjs-node.sh builds it), else WebAssembly.
 *
 * @returns its name.
 */
export async function chooseEngine(): Promise<string> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    await import(nativePackage);
    await tf.setBackend('tensorflow');
  } catch {
    await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
  }
  await tf.ready();
  return tf.getBackend();
}
