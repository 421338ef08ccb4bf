import { type CodeBuild, codeBuild } from '@retinabench/files';

let build: CodeBuild | undefined;

/**
 * The code that turns an image into a feature: the worker and all that it imports of this project. Pooling and scoring are no
 * part of it: they are done anew every time.
 *
 * @throws {EnvironmentError} as codeBuild.
 */
export function extractionBuild(): CodeBuild {
  // From `src` (under a test runner) as well as from `dist`, the compiled worker is two folders up, in `dist`.
  build ??= codeBuild(new URL('../../dist/extract/worker.js', import.meta.url));
  return build;
}
