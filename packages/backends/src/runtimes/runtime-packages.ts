import type { RuntimeId } from '../backend/backend.js';

/** The packages that compute on a runtime; the last one names its version. */
export const runtimePackages: Readonly<Record<RuntimeId, readonly string[]>> = {
  'ort-node': ['onnxruntime-node'],
  'ort-wasm': ['onnxruntime-web'],
  'ort-webgpu': ['onnxruntime-web'],
  'ort-webgpu+cpu': ['onnxruntime-web'],
  'litert-wasm': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu', '@litertjs/core'],
  'tfjs-node': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-node'],
  'tfjs-wasm': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
  'tfjs-cpu': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
  'tfjs-webgl': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgl'],
};
