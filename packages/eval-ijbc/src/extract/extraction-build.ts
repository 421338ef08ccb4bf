import { type CodeBuild, codeBuild } from '@retinabench/files';

let build: CodeBuild | undefined;

/**
 * The code that turns an image into a feature: all of core, models and backends, and of this package what extracts.
 * Pooling and scoring are no part of it: they are done anew every time.
 *
 * @throws {EnvironmentError} as codeBuild.
 */
export function extractionBuild(): CodeBuild {
  build ??= codeBuild(
    [
      { package: '@retinabench/core' },
      { package: '@retinabench/models' },
      { package: '@retinabench/backends' },
      { package: '@retinabench/eval-ijbc', folder: 'extract' },
    ],
    import.meta.url,
  );
  return build;
}
