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
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { lockCache } from '../terminal/lock-cache.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { type Progress, startProgress } from '../terminal/progress.js';

/** The action of `retinabench datasets pull`. */
export async function runPull(name: string, flags: PullFlags): Promise<void> {
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
}

interface PullFlags extends OutputFlags {
  readonly acceptLicence?: boolean;
  readonly from?: string;
  readonly parallel: number;
  readonly fresh?: boolean;
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
