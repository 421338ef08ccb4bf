import { type DownloadedFile, type DownloadOptions, downloadFile } from './download-file.js';
import type { RemoteFile } from './remote-file.js';

/** How to download several files. */
export interface DownloadAllOptions extends Omit<DownloadOptions, 'onBytes'> {
  /** Files under way at once; default 4. */
  readonly parallel?: number;
  /** Bytes of all files together; the total grows while sizes become known. */
  readonly onBytes?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Download several files at once, each as `downloadFile` does. If one fails, the others are aborted; what they received
 * stays, and the next call resumes it.
 *
 * @returns the files in the order asked for.
 * @throws {EnvironmentError | DatasetError} of the first file that failed; `signal`'s reason if it was aborted.
 */
export async function downloadAll(
  files: readonly RemoteFile[],
  { parallel = 4, onBytes, signal, ...options }: DownloadAllOptions,
): Promise<DownloadedFile[]> {
  const breakOff = new AbortController();
  const either = signal === undefined ? breakOff.signal : AbortSignal.any([breakOff.signal, signal]);
  const done = new Map<string, number>();
  const total = new Map(files.map(({ name, sizeBytes }) => [name, sizeBytes ?? 0]));
  const count = (file: RemoteFile, doneBytes: number, totalBytes: number | undefined): void => {
    done.set(file.name, doneBytes);
    if (totalBytes !== undefined) total.set(file.name, totalBytes);
    onBytes?.(sum(done.values()), sum(total.values()));
  };
  const results: DownloadedFile[] = [];
  let firstError: unknown;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < files.length && !breakOff.signal.aborted) {
      const index = next++;
      try {
        results[index] = await downloadFile(files[index], { ...options, signal: either, onBytes: count });
      } catch (error) {
        firstError ??= error;
        breakOff.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, files.length) }, work));
  signal?.throwIfAborted();
  if (firstError !== undefined) throw firstError;
  return results;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
