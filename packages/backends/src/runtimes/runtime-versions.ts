import type { BackendId } from '../backend/backend.js';
import { loadSharp } from '../image/load-sharp.js';
import { packageVersion } from './package-version.js';

/** The packages that compute on a backend. */
const packagesOf: Readonly<Record<BackendId, readonly string[]>> = {
  'ort-node': ['onnxruntime-node'],
  'ort-wasm': ['onnxruntime-web'],
  'tfjs-node': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-node'],
  'tfjs-wasm': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'],
  'tfjs-cpu': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
  'tfjs-webgl': ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-webgl'],
};

/**
 * Everything that others wrote and that takes part in a detection, with its version: what decodes and resizes images
 * (sharp, libvips) and the packages of the backend.
 *
 * @returns package or library to version; one that is not installed is left out.
 */
export function runtimeVersions(backend: BackendId): Record<string, string> {
  const versions: Record<string, string> = { libvips: loadSharp().versions.vips };
  for (const name of ['sharp', ...packagesOf[backend]]) {
    const version = packageVersion(name);
    if (version !== undefined) versions[name] = version;
  }
  return versions;
}
