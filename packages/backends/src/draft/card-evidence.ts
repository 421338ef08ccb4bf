import { composedForm, type ModelCard } from '@retinabench/models';
import { loadBackend } from '../registry/registry.js';
import type { DraftImage } from './draft-image.js';
import { type FaceEvidence, ReadingTrial } from './face-evidence.js';
import { rawRuns } from './raw-runs.js';

/**
 * How well a detector finds annotated faces as its card says, on ONNX Runtime.
 *
 * @returns undefined for a model that is no detector, or one whose outputs are not what the card says.
 * @throws {ModelError} if the model does not load.
 */
export async function cardEvidence(
  { bytes, card }: { readonly bytes: Uint8Array; readonly card: ModelCard },
  images: readonly DraftImage[],
): Promise<FaceEvidence | undefined> {
  if (card.decoder === undefined) return undefined;
  const backend = await loadBackend('ort-node');
  const session = await backend.createSession(bytes, `model ${card.id}`, { threads: 1 });
  try {
    const { size, ...base } = card.input;
    const normalisation = { ...card.input, title: card.id, group: card.id };
    const runs = await rawRuns(session, base, normalisation, size, images);
    return new ReadingTrial(composedForm(card.decoder)).evidence(runs);
  } finally {
    await session.dispose();
  }
}
