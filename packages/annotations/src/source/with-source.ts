import { type ByteSource, openSource } from './open-source.js';

/**
 * Read a text file in parts, and close it whatever comes of it.
 *
 * @throws as openSource, and whatever `read` throws.
 */
export function withSource<Result>(file: string, read: (source: ByteSource) => Result): Result {
  const source = openSource(file);
  try {
    return read(source);
  } finally {
    source.close();
  }
}
