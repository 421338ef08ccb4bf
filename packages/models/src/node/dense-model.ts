import { ModelError } from '@retinabench/core';
import { networkFingerprint, type TrainedHead } from '../dense-head/trained-head.js';
import { withDenseHead } from '../dense-head/with-dense-head.js';
import type { ImportedModel } from '../import/import-checkpoint.js';
import { readOnnx } from '../onnx/read.js';
import type { LoadedModel } from './load-card.js';
import { readHeadFile, shippedDenseHead, shippedHeadBases } from './shipped-head.js';

/** Which dense head a model gets. */
export interface DenseModelOptions {
  /** A file that examples/train-dense wrote; absent: the model's own, or that of this package. */
  readonly headFile?: string;
  /** Attach `headFile` though it was trained on another network of the same shape; the model then warns. */
  readonly force?: boolean;
}

/**
 * A model with a dense head: as `headFile` says; else the model itself if it has one, else with the trained head of this
 * package that belongs to its network.
 *
 * @throws {ModelError} if there is none, if the head was trained on another network, or if the model has one already and
 * `headFile` names another.
 */
export async function denseModel(model: LoadedModel, options: DenseModelOptions = {}): Promise<LoadedModel> {
  const { card, bytes } = model;
  const { headFile, force = false } = options;
  const imported = { onnx: bytes, card };
  if (headFile === undefined && card.decoder?.kind === 'retinaface' && card.decoder.outputs.dense !== undefined) {
    return model;
  }
  const head =
    headFile === undefined
      ? await ownHead(imported)
      : await readHeadFile(headFile, 'name a file that examples/train-dense wrote');
  const made = withDenseHead(imported, head, { force });
  const foreign =
    made.card.decoder?.kind === 'retinaface' && force && head.fingerprint !== fingerprintOf(imported)
      ? [`the dense head of ${made.card.id} was trained on another network (${head.base}): its meshes mean nothing`]
      : [];
  return {
    ...model,
    bytes: made.onnx,
    sizeBytes: made.onnx.length,
    card: made.card,
    warnings: [...model.warnings, ...foreign],
  };
}

/**
 * The trained dense head of this package that belongs to a model.
 *
 * @throws {ModelError} if there is none, naming the commands that train and attach one.
 */
export async function ownHead(model: ImportedModel): Promise<TrainedHead> {
  const { card } = model;
  const head = card.decoder?.kind === 'retinaface' ? await shippedDenseHead(fingerprintOf(model)) : undefined;
  if (head !== undefined) return head;
  const [first] = shippedHeadBases;
  const known = `${shippedHeadBases.join(' or ')}, to whose weights the trained ones belong`;
  throw new ModelError(
    card.decoder?.kind === 'retinaface' && card.decoder.outputs.landmarks !== undefined
      ? `model ${card.id}: expected a dense head (decoder.outputs.dense), or ${known}, got a RetinaFace of other weights; train one with \`npx nx run train-dense:train --model ${card.id}\` and attach it with --dense-head results/train-dense/dense-head.safetensors, or choose --model ${first}`
      : `model ${card.id}: expected a dense head (decoder.outputs.dense), or ${known}, got ${card.decoder?.kind ?? card.task}${card.decoder?.kind === 'retinaface' ? ' without landmarks' : ''}, which no dense head serves; choose --model ${first}`,
  );
}

function fingerprintOf({ onnx, card }: ImportedModel): string {
  if (card.decoder?.kind !== 'retinaface') return '';
  return networkFingerprint(readOnnx(onnx, card.id), card.decoder.outputs.scores, `model ${card.id}`);
}
