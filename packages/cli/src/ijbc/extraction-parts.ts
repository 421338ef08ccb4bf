import { ProtocolError } from '@retinabench/core';
import { type CropPlan, cropPlanOf, defaultModelId } from '@retinabench/models';
import { type LoadedModel, resolveModel } from '@retinabench/models/node';
import type { ExtractionFlags } from './extraction-flags.js';

/** The 68-point network for an embedder that takes squares, where the detector has no landmarks of its own. */
const defaultLandmarkerId = 'face-api-landmark68';

/** The models of an extraction, and what the card of its embedder says of crops. */
export interface ExtractionParts {
  readonly crop: CropPlan;
  readonly mirror: boolean;
  readonly detector: LoadedModel | undefined;
  readonly landmarker: LoadedModel | undefined;
  readonly embedder: LoadedModel;
}

/**
 * Find the models of an extraction.
 *
 * @throws {ModelError} if one is unknown, or the embedder's card has no crop of its input's sides.
 * @throws {ProtocolError} if the crop needs a detector and the landmarks are given.
 */
export async function resolveExtractionParts(flags: ExtractionFlags): Promise<ExtractionParts> {
  const embedder = await resolveModel(flags.embedder);
  const detector = flags.landmarks === 'given' ? undefined : await resolveModel(flags.model ?? defaultModelId);
  const { input, embedding, id } = embedder.card;
  const crop = cropPlanOf(input, embedding, `model ${id}`);
  if (crop.kind === 'box' && detector === undefined) {
    throw new ProtocolError(
      `--landmarks given: expected an embedder whose crop is cut by five points, got ${id}, which takes the detected box; use --landmarks detect`,
    );
  }
  const needsLandmarker = crop.kind === 'square' && detector?.card.landmarks === false;
  const landmarkerId = flags.landmarker ?? (needsLandmarker ? defaultLandmarkerId : undefined);
  const landmarker =
    detector === undefined || landmarkerId === undefined ? undefined : await resolveModel(landmarkerId);
  return { crop, mirror: flags.mirror && embedding?.flip !== 'none', detector, landmarker, embedder };
}
