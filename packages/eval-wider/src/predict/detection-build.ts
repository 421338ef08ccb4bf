import { type CodeBuild, codeBuild } from '@retinabench/files';

let build: CodeBuild | undefined;

/**
 * The code that turns an image into detections: all of core, models and backends, and of this package what fills a run
 * folder. Scoring is no part of it: it is done anew every time.
 *
 * @throws {EnvironmentError} as codeBuild.
 */
export function detectionBuild(): CodeBuild {
  build ??= codeBuild(
    [
      { package: '@retinabench/core' },
      { package: '@retinabench/models' },
      { package: '@retinabench/backends' },
      { package: '@retinabench/eval-wider', folder: 'predict' },
    ],
    import.meta.url,
  );
  return build;
}
