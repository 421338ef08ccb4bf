import { readFile } from 'node:fs/promises';
import { ModelError, refuseLfsPointer } from '@retinabench/core';
import { requireRegularFile } from '@retinabench/files';
import { assertCard, catalogue, type ImportedModel, importCheckpoint, withDenseHead } from '@retinabench/models';
import {
  cachedModelPath,
  cardPathOf,
  defaultModelFolders,
  ownHead,
  readHeadFile,
  saveModel,
} from '@retinabench/models/node';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { betterArchitecture } from './other-architectures.js';
import { requireModelPlace } from './require-model-place.js';

interface ImportFlags extends OutputFlags {
  readonly checkpoint: string;
  readonly architecture: string;
  readonly out: string;
  readonly id?: string;
  readonly denseHead?: string | number;
  readonly forceDenseHead?: boolean;
}

/** The action of `retinabench models import`. */
export async function runImport(flags: ImportFlags): Promise<void> {
  const output = outputOf(flags);
  if (!flags.out.endsWith('.onnx')) throw new ModelError(`--out: expected a name that ends in .onnx, got ${flags.out}`);
  await requireModelPlace(flags.out);
  const bytes = await readCheckpointFile(flags.checkpoint);
  const checkpoint = importCheckpoint(bytes, flags.checkpoint, flags.architecture);
  const imported = await withHeadOf(checkpoint, flags);
  const card = assertCard({ ...imported.card, ...(flags.id === undefined ? {} : { id: flags.id }) }, '--id');
  assertIdIsFree(card.id, flags, checkpoint);
  const model = { onnx: imported.onnx, card };
  await saveModel(flags.out, model);
  await saveModel(cachedModelPath(defaultModelFolders(), card.id), model);
  const better = await betterArchitecture(bytes, flags.checkpoint, flags.architecture, checkpoint);
  printJson(output, { onnx: flags.out, card, ...(better === undefined ? {} : { doubts: [better] }) });
  printResult(
    output,
    [
      `model:      ${flags.out} (${imported.onnx.length.toLocaleString('en')} bytes)`,
      `card:       ${cardPathOf(flags.out)}`,
      `parameters: ${card.parameters.toLocaleString('en')}`,
      `sha256:     ${card.sha256}`,
    ].join('\n'),
  );
  if (better !== undefined) printNote(`doubt: ${flags.checkpoint} has ${better}`);
  if (!output.quiet) printNote(`--model ${card.id} finds it from now on`);
}

/** The network with the dense head that the flags ask for, if any. */
async function withHeadOf(
  checkpoint: ImportedModel,
  { denseHead, forceDenseHead }: ImportFlags,
): Promise<ImportedModel> {
  const ofFile = typeof denseHead === 'string' && denseHead !== 'trained';
  if (forceDenseHead && !ofFile) {
    throw new ModelError('--force-dense-head: expected --dense-head FILE.safetensors beside it; name the head');
  }
  if (denseHead === undefined) return checkpoint;
  if (!ofFile) return withDenseHead(checkpoint, denseHead === 'trained' ? await ownHead(checkpoint) : denseHead);
  const head = await readHeadFile(denseHead, 'name a file that examples/train-dense wrote');
  return withDenseHead(checkpoint, head, { force: forceDenseHead === true });
}

/**
 * A model of the zoo keeps its id: another network under it would answer for it in every later command.
 *
 * @throws {ModelError} if the id is the zoo's and the checkpoint is not its own.
 */
function assertIdIsFree(id: string, { architecture, checkpoint }: ImportFlags, { card }: ImportedModel): void {
  if (!catalogue.has(id) || (id === architecture && card.published !== undefined)) return;
  throw new ModelError(
    `--id: expected an id of your own for ${checkpoint}, got ${id}, which the zoo has for ${
      id === architecture ? 'the public checkpoint' : 'another network'
    }; pass --id NAME`,
  );
}

async function readCheckpointFile(file: string): Promise<Uint8Array> {
  return refuseLfsPointer(await readOrExplain(file), file, ModelError);
}

async function readOrExplain(file: string): Promise<Uint8Array> {
  await requireRegularFile(file, ModelError);
  try {
    return await readFile(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ModelError(`--checkpoint ${file}: expected a readable file, got ${code ?? 'an error'}; check the path`, {
      cause,
    });
  }
}
