import os from 'node:os';
import path from 'node:path';

/** Where models are looked for and kept. */
export interface ModelFolders {
  /** Imported and built models; created when needed. */
  readonly cacheFolder: string;
  /** A folder whose `models/` may hold published checkpoints and .onnx files; it need not exist. */
  readonly sharedFolder: string;
}

/**
 * Raised whenever the same weights give another .onnx, so that files of an older graph writer are not taken for new.
 */
const graphRevision = 2;

/** The folders that the environment names: `RETINABENCH_CACHE` and `RETINABENCH_SHARED`, each with its default. */
export function defaultModelFolders(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ModelFolders {
  return {
    cacheFolder: environment.RETINABENCH_CACHE || path.join(os.homedir(), '.cache', 'retinabench'),
    sharedFolder: environment.RETINABENCH_SHARED || path.join('..', 'shared'),
  };
}

/** Where the cache keeps the model `id`. */
export function cachedModelPath(folders: ModelFolders, id: string): string {
  return path.join(folders.cacheFolder, `models-${graphRevision}`, `${id}.onnx`);
}
