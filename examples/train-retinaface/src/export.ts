import { sha256Hex } from '@retinabench/core';
import { findArchitecture, type ImportedModel, writeOnnx } from '@retinabench/models';
import type { Parameters } from './parameters.js';

/**
 * The trained network as a model that `retinabench wider all --model FILE` runs, batch normalisations folded.
 *
 * @param id    of the model.
 * @param steps that it was trained for; its card says so.
 * @throws {ModelError} if the network is not of width 1.
 */
export function exportModel(parameters: Parameters, id: string, steps: number): ImportedModel {
  const { card, build } = findArchitecture('retinaface-mnet025');
  const { published: _, ...shared } = card;
  const onnx = writeOnnx(build(parameters));
  return {
    onnx,
    card: {
      schemaVersion: 1,
      ...shared,
      id,
      title: `RetinaFace MobileNet-0.25, ${steps} steps of examples/train-retinaface`,
      source: 'examples/train-retinaface',
      licence: 'as the training images allow',
      sha256: sha256Hex(onnx),
      parameters: parameters.parameters,
    },
  };
}
