import { ProtocolError } from '@retinabench/core';
import type { CodeScript, PoolingOptions } from '@retinabench/eval-ijbc';
import { parsePoolingCode, poolingCodes, publishedPooling } from '@retinabench/eval-ijbc/settings';
import { type Command, Option } from 'commander';

/** The flags that say how features become templates. */
export interface PoolingFlags {
  readonly templateNorm?: PoolingOptions['templateNorm'];
  readonly detectorScore?: PoolingOptions['detectorScore'];
  readonly flip?: PoolingOptions['flip'];
  readonly codes?: string;
  readonly script?: CodeScript;
}

/** Add the flags of the pooling. */
export function addPoolingFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--template-norm <how>', 'magnitude of an image feature (default: keep)').choices(['keep', 'l2']),
    )
    .addOption(
      new Option(
        '--detector-score <how>',
        'whether it weighs an image feature (default: use, where scores are at hand)',
      ).choices(['use', 'ignore']),
    )
    .addOption(
      new Option('--flip <how>', 'feature of the mirrored image (default: add, where it is at hand)').choices([
        'add',
        'concat',
        'none',
      ]),
    )
    .option('--codes <code>', 'the three options as a public script writes them, such as N1D1F2; needs --script')
    .addOption(
      new Option('--script <name>', 'which script the code is of: they contradict each other').choices(
        Object.keys(poolingCodes),
      ),
    );
}

/** What is at hand, which decides what is the default. */
export interface PoolingMeans {
  readonly hasFlipped: boolean;
  readonly hasScores: boolean;
  /** How the embedder was trained, where an extraction wrote it down beside the features. */
  readonly flip?: PoolingOptions['flip'];
}

/**
 * The pooling that the flags ask for.
 *
 * @throws {ProtocolError} if codes and words are mixed, a code stands without its script, or something is asked for
 * that is not at hand.
 */
export function resolvePooling(flags: PoolingFlags, means: PoolingMeans): PoolingOptions {
  const options = flags.codes === undefined && flags.script === undefined ? inWords(flags, means) : inCodes(flags);
  if (options.flip !== 'none' && !means.hasFlipped) {
    throw new ProtocolError(
      `flip ${options.flip}: needs the features of the mirrored images; give --features-flip FILE, or --flip none`,
    );
  }
  if (options.detectorScore === 'use' && !means.hasScores) {
    throw new ProtocolError(
      'detector score use: needs <prefix>_name_5pts_score.txt among the metadata; add it, or use --detector-score ignore',
    );
  }
  return options;
}

function inWords(flags: PoolingFlags, { hasFlipped, hasScores, flip }: PoolingMeans): PoolingOptions {
  return {
    templateNorm: flags.templateNorm ?? publishedPooling.templateNorm,
    detectorScore: flags.detectorScore ?? (hasScores ? publishedPooling.detectorScore : 'ignore'),
    flip: flags.flip ?? (hasFlipped ? (flip ?? publishedPooling.flip) : 'none'),
  };
}

function inCodes({ codes, script, templateNorm, detectorScore, flip }: PoolingFlags): PoolingOptions {
  if (codes === undefined || script === undefined) {
    throw new ProtocolError(
      '--codes and --script belong together: the same code means opposite things in the two public scripts; or say it in words: --template-norm, --detector-score, --flip',
    );
  }
  if (templateNorm !== undefined || detectorScore !== undefined || flip !== undefined) {
    throw new ProtocolError(
      '--codes: leave out --template-norm, --detector-score and --flip, which the code says already',
    );
  }
  return parsePoolingCode(codes, script);
}
