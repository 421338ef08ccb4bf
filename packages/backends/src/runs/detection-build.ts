import { type CodeBuild, codeBuild } from '@retinabench/files';

let build: CodeBuild | undefined;

/**
 * The code that turns an image into detections: the worker and all that it imports of this project. Scoring is no part of it:
 * it is done anew every time.
 *
 * @throws {EnvironmentError} as codeBuild.
 */
export function detectionBuild(): CodeBuild {
  // From `src` (under a test runner) as well as from `dist`, the compiled worker is two folders up, in `dist`.
  build ??= codeBuild(new URL('../../dist/runs/worker.js', import.meta.url));
  return build;
}
