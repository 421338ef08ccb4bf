import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { closestName, ModelError, ProtocolError } from '@retinabench/core';
import { downloadAll, parseMirrors, type RemoteFile, withMirrors } from '@retinabench/datasets';
import { defaultCacheDir } from '@retinabench/files';
import { type CheckpointModel, catalogue, importCheckpoint, type PublishedModel } from '@retinabench/models';
import { cachedModelPath, defaultModelFolders, saveModel } from '@retinabench/models/node';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { lockCache } from '../terminal/lock-cache.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';

type FiledModel = CheckpointModel | PublishedModel;

const filedModels = [...catalogue.values()].filter(
  (model): model is FiledModel => model.origin === 'checkpoint' || model.origin === 'published',
);

interface PullFlags extends OutputFlags {
  readonly acceptLicence?: boolean;
  readonly from?: string;
}

/** A model that is asked for, with the file to get for it. */
interface WantedModel {
  readonly model: FiledModel;
  readonly remote: RemoteFile;
}

/** The action of `retinabench models pull`. */
export async function runPull(ids: readonly string[], flags: PullFlags): Promise<void> {
  const output = outputOf(flags);
  const mirrors = parseMirrors(process.env.RETINABENCH_MIRROR);
  const wanted = [...new Set(ids)].map((id) => find(id, mirrors, flags.from));
  const licences = wanted.map(({ model: { card } }) => `${card.id}: ${card.licence}`).join('; ');
  if (!flags.acceptLicence) {
    throw new ProtocolError(`licences: ${licences}. If you agree, add --accept-licence.`);
  }
  if (!output.quiet) printNote(`licences: ${licences}`);
  for (const { model, remote } of wanted) {
    if (remote.urls.length > 0) continue;
    throw new ModelError(
      `model ${model.card.id}: its publisher gives no lasting URL, so that it cannot be downloaded; get ${model.file.name} (SHA-256 ${model.file.sha256}) yourself from ${model.card.source}, then pass --from with the folder that holds it, or set RETINABENCH_MIRROR`,
    );
  }
  const release = await lockCache(defaultCacheDir(), 'models');
  try {
    const pulled = await interruptible(
      () => 'run it again to resume',
      (signal) => pull(wanted, output, signal),
    );
    printResult(output, pulled.map(({ id, onnx }) => `${id}: ${onnx}`).join('\n'));
    printJson(output, { models: pulled });
  } finally {
    release();
  }
}

function find(id: string, mirrors: readonly string[], from: string | undefined): WantedModel {
  const model = filedModels.find(({ card }) => card.id === id);
  if (model === undefined) {
    const ids = filedModels.map(({ card }) => card.id);
    const meant = closestName(id, ids);
    throw new ModelError(
      `model ${id}: expected one of ${ids.join(', ')}; ${meant === undefined ? 'other models need no pull' : `did you mean ${meant}?`}`,
    );
  }
  const remote = withMirrors(model.file, 'models', mirrors);
  if (from === undefined) return { model, remote };
  const given = pathToFileURL(path.resolve(from, model.file.name)).href;
  return { model, remote: { ...remote, urls: [given, ...remote.urls] } };
}

async function pull(
  wanted: readonly WantedModel[],
  output: Output,
  signal: AbortSignal,
): Promise<{ id: string; onnx: string; sha256: string }[]> {
  const cacheDir = defaultCacheDir();
  const downloads = path.join(cacheDir, 'downloads', 'models');
  const total = wanted.reduce((sum, { remote }) => sum + (remote.sizeBytes ?? 0), 0);
  const progress = startProgress(output, Math.round(total / 1000), 'kB');
  try {
    const files = await downloadAll(
      wanted.map(({ remote }) => remote),
      {
        folder: downloads,
        pinFolder: path.join(cacheDir, 'pins', 'models'),
        signal,
        onNote: printNote,
        onBytes: (doneBytes) => progress.update(Math.round(doneBytes / 1000)),
      },
    );
    const pulled = [];
    for (const [index, { model }] of wanted.entries()) {
      const { id } = model.card;
      const bytes = await readFile(files[index].file);
      const made =
        model.origin === 'checkpoint'
          ? importCheckpoint(bytes, files[index].file, id)
          : { onnx: bytes, card: model.card };
      const onnx = cachedModelPath(defaultModelFolders(), id);
      await saveModel(onnx, made);
      pulled.push({ id, onnx, sha256: made.card.sha256 });
    }
    await rm(downloads, { recursive: true, force: true });
    return pulled;
  } finally {
    progress.stop();
  }
}
