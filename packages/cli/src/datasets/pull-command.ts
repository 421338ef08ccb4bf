import path from 'node:path';
import {
  findManifest,
  formatBytes,
  type Manifest,
  type PulledDataset,
  parseMirrors,
  pullDataset,
} from '@retinabench/datasets';
import { defaultCacheDir } from '@retinabench/files';
import type { Command } from 'commander';
import { addOutputFlags, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { lockCache } from '../terminal/lock-cache.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';

interface PullFlags extends OutputFlags {
  readonly acceptLicence?: boolean;
  readonly from?: string;
  readonly parallel: number;
  readonly fresh?: boolean;
}

const help = `
Examples:
  retinabench datasets pull wider-val --accept-licence
  retinabench datasets pull wider-val --accept-licence --from ~/Downloads   (archives that you have already)
  RETINABENCH_MIRROR=https://mirror.example/retinabench retinabench datasets pull lfw --accept-licence
  retinabench datasets pull ijbc                                            (says how to apply)

NAME is one of \`retinabench datasets list\`, or a manifest file ending in .json (docs/add-a-data-set.md).
Downloads resume where they were interrupted, are checked against SHA-256 before they are used, and go to
RETINABENCH_CACHE (default ~/.cache/retinabench). RETINABENCH_MIRROR names mirrors, separated by spaces, that are
tried first: http:, https: or file: URLs, or folders, each with <data set>/<file>.
`;

/** Register `retinabench datasets pull`. */
export function registerDatasetsPull(datasets: Command): void {
  const command = datasets
    .command('pull')
    .argument('<name>', 'a known data set, or a manifest file')
    .option('--accept-licence', 'you have read the licence and agree')
    .option('--from <dir>', 'a folder with what you downloaded yourself')
    .option('--parallel <n>', 'files under way at once', wholeNumber(1), 4)
    .option('--fresh', 'pull again although it is here')
    .addHelpText('after', help);
  addOutputFlags(command).action(async (name: string, flags: PullFlags) => {
    const output = outputOf(flags);
    const manifest = await findManifest(name);
    const cacheDir = defaultCacheDir();
    const release = await lockCache(cacheDir, manifest.name);
    try {
      if (!output.quiet && flags.acceptLicence) announce(manifest);
      const pulled = await interruptible(
        () => 'run it again to resume',
        (signal) => pull(manifest, cacheDir, flags, output, signal),
      );
      printResult(output, pulled.alreadyThere ? `already here: ${pulled.root} (--fresh pulls again)` : pulled.root);
      printJson(output, { name: manifest.name, ...pulled });
    } finally {
      release();
    }
  });
}

function announce({ name, title, licence, files }: Manifest): void {
  printNote(`${name}: ${title}`);
  printNote(`licence: ${licence.name} (${licence.url}). ${licence.summary}`);
  for (const { name: file, sha256, sizeBytes } of files) {
    const size = sizeBytes === undefined ? 'size unknown' : formatBytes(sizeBytes);
    printNote(
      `  ${file}: ${size}, ${sha256 === undefined ? 'hash not known: pinned on first use' : `sha256 ${sha256}`}`,
    );
  }
}

async function pull(
  manifest: Manifest,
  cacheDir: string,
  flags: PullFlags,
  output: Output,
  signal: AbortSignal,
): Promise<PulledDataset> {
  let progress: { phase: string; bar: Progress } | undefined;
  try {
    const pulled = await pullDataset(manifest, {
      cacheDir,
      acceptLicence: flags.acceptLicence === true,
      mirrors: parseMirrors(process.env.RETINABENCH_MIRROR),
      parallel: flags.parallel,
      signal,
      ...(flags.from !== undefined && { from: path.resolve(flags.from) }),
      ...(flags.fresh && { fresh: true }),
      onNote: printNote,
      onProgress: (phase, doneBytes, totalBytes) => {
        if (progress?.phase !== phase) {
          progress?.bar.stop();
          progress = {
            phase,
            bar: startProgress(output, megabytes(totalBytes), `MB ${phase}ed`, megabytes(doneBytes)),
          };
        }
        progress.bar.update(megabytes(doneBytes));
      },
    });
    for (const { name, sha256, verifiedBy } of pulled.files) {
      if (verifiedBy === 'first use') printNote(`${name}: pinned as sha256 ${sha256}; later pulls are held to it`);
    }
    return pulled;
  } finally {
    progress?.bar.stop();
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
