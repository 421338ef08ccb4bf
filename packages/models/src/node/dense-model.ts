import { isRetinaBenchError, ModelError } from '@retinabench/core';
import { withDenseHead } from '../dense-head/with-dense-head.js';
import type { LoadedModel } from './load-card.js';
import { shippedDenseHead } from './shipped-head.js';

/**
 * A model with a dense head: the model itself if it has one, else with the trained head of this package, if it is the
 * network that the head belongs to.
 *
 * @throws {ModelError} if neither is so.
 */
export async function denseModel(model: LoadedModel): Promise<LoadedModel> {
  const { card, bytes } = model;
  if (card.decoder?.kind === 'retinaface' && card.decoder.outputs.dense !== undefined) return model;
  const head = await shippedDenseHead();
  try {
    const made = withDenseHead({ onnx: bytes, card }, head);
    return { ...model, bytes: made.onnx, sizeBytes: made.onnx.length, card: made.card };
  } catch (cause) {
    if (!isRetinaBenchError(cause)) throw cause;
    throw new ModelError(
      `model ${card.id}: expected a dense head (decoder.outputs.dense), or ${head.base}, to which the trained one belongs, got neither; choose --model ${head.base}`,
      { cause },
    );
  }
}
