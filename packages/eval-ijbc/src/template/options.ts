import { ProtocolError } from '@retinabench/core';

/** How image features become a template feature, in words. */
export interface PoolingOptions {
  /** `keep` the magnitude of an image feature, or `l2`-normalise it. */
  readonly templateNorm: 'keep' | 'l2';
  /** Whether an image feature is multiplied by its detector score. */
  readonly detectorScore: 'use' | 'ignore';
  /** What becomes of the feature of the mirrored image: `add`ed, `concat`enated or not used (`none`). */
  readonly flip: 'add' | 'concat' | 'none';
}

/** What the published figures of ArcFace use: magnitude kept, detector score used, flip added. */
export const publishedPooling: PoolingOptions = { templateNorm: 'keep', detectorScore: 'use', flip: 'add' };

/** The public scripts that write pooling options as codes; their codes contradict each other. */
export type CodeScript = 'ijb_11' | 'ijb_evals';

/** Meaning of each letter and digit in both public scripts; a digit that a script lacks is absent. */
export const poolingCodes: Readonly<
  Record<
    CodeScript,
    {
      readonly N: readonly PoolingOptions['templateNorm'][];
      readonly D: readonly PoolingOptions['detectorScore'][];
      readonly F: readonly PoolingOptions['flip'][];
    }
  >
> = {
  ijb_11: { N: ['l2', 'keep'], D: ['ignore', 'use'], F: ['none', 'concat', 'add'] },
  ijb_evals: { N: ['keep', 'l2'], D: ['ignore', 'use'], F: ['none', 'add'] },
};

/**
 * Pooling options of a code such as `N1D1F2`, as one of the public scripts means it.
 *
 * @throws {ProtocolError} if the code is not of that form or a digit does not exist in that script.
 */
export function parsePoolingCode(code: string, script: CodeScript): PoolingOptions {
  const digits = /^N(\d)D(\d)F(\d)$/.exec(code);
  const { N, D, F } = poolingCodes[script];
  const templateNorm = N[Number(digits?.[1])];
  const detectorScore = D[Number(digits?.[2])];
  const flip = F[Number(digits?.[3])];
  if (templateNorm === undefined || detectorScore === undefined || flip === undefined) {
    throw new ProtocolError(
      `code ${JSON.stringify(code)}: expected N0-${N.length - 1}, D0-${D.length - 1} and F0-${F.length - 1} as ${script} has them, such as N1D1F1; or say it in words: --template-norm, --detector-score, --flip`,
    );
  }
  return { templateNorm, detectorScore, flip };
}
