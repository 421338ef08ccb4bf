import { cachedModelPath, defaultModelFolders } from '@retinabench/models/node';
import { requireWritable } from '../terminal/output-file.js';

/**
 * Make sure that a new model can be written, to its place and to the cache, where `--model` finds it by its id.
 *
 * @throws {EnvironmentError}, {DatasetError} as requireWritable.
 */
export async function requireModelPlace(file: string): Promise<void> {
  await requireWritable(file, { what: 'the model', flag: '--out FILE' });
  await requireWritable(cachedModelPath(defaultModelFolders(), '*'), {
    what: 'the model to the cache',
    flag: 'RETINABENCH_CACHE=DIR',
  });
}
